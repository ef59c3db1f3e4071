const fs = require('fs')
const LIMIT = 65536
const { owner, repo } = context.repo
if (!/^[0-9]{1,20}$/.test(process.env.PREVIEW)) throw new Error('no number of a run')
const run_id = Number(process.env.PREVIEW)
const { data: run } = await github.rest.actions.getWorkflowRun({ owner, repo, run_id })
if (run.path !== '.github/workflows/trellis-preview.yml' || run.event !== 'pull_request') {
  throw new Error('not a run of trellis-preview for a pull request')
}
const folders = fs.existsSync('reports') ? fs.readdirSync('reports') : []
if (folders.length === 0) core.setFailed('the preview left no report: see its log')
for (const folder of folders) {
  const number = fs.readFileSync(`reports/${folder}/number`, 'utf8').trim()
  if (!/^[0-9]{1,9}$/.test(number)) throw new Error('no number of a pull request')
  const pull_number = Number(number)
  const { data: pull } = await github.rest.pulls.get({ owner, repo, pull_number })
  // The report says its own number: only that of the commit that was planned counts.
  if (pull.head.sha !== run.head_sha) continue
  const text = fs.readFileSync(`reports/${folder}/comment.md`, 'utf8')
  const marker = text.split('\n', 1)[0]
  if (!/^<!-- trellis:[\w.\/-]+ -->$/.test(marker)) throw new Error('no marker')
  if (text.length > LIMIT) throw new Error('longer than a comment may be')
  const body = text.replaceAll('@', '@\u200b')
  const comments = await github.paginate(github.rest.issues.listComments, {
    owner, repo, issue_number: pull_number, per_page: 100,
  })
  const mine = comments.find(
    (one) => one.user.login === 'github-actions[bot]' && one.body.startsWith(marker),
  )
  if (mine) {
    await github.rest.issues.updateComment({ owner, repo, comment_id: mine.id, body })
  } else {
    await github.rest.issues.createComment({
      owner, repo, issue_number: pull_number, body,
    })
  }
}
