const fs = require('fs')
const LIMIT = 65536
const { owner, repo } = context.repo
const open = await github.paginate(github.rest.issues.listForRepo, {
  owner, repo, state: 'open', creator: 'github-actions[bot]', per_page: 100,
})
for (const stack of process.env.STACKS.split(', ')) {
  const folder = `reports/drift-${stack}`
  // A run that failed says nothing: it is not taken for "no drift".
  if (!fs.existsSync(`${folder}/code`)) {
    core.setFailed(`${stack} could not be looked at: see its log`)
    continue
  }
  const code = fs.readFileSync(`${folder}/code`, 'utf8').trim()
  const text = fs.readFileSync(`${folder}/issue.md`, 'utf8')
  const marker = text.split('\n', 1)[0]
  if (!/^<!-- trellis-drift:[\w.\/-]+ -->$/.test(marker)) throw new Error('no marker')
  if (text.length > LIMIT) throw new Error('longer than an issue may be')
  const body = text.replaceAll('@', '@\u200b')
  const mine = open.find((one) => one.body && one.body.startsWith(marker))
  if (code !== '1') {
    // Nothing, AWS's own changes, or what only waits to be deployed.
    if (mine) {
      await github.rest.issues.update({
        owner, repo, issue_number: mine.number, body, state: 'closed', state_reason: 'completed',
      })
    }
  } else if (mine) {
    await github.rest.issues.update({ owner, repo, issue_number: mine.number, body })
  } else {
    await github.rest.issues.create({ owner, repo, title: `Drift: ${stack}`, body })
  }
}
