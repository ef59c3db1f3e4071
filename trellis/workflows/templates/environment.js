const fs = require('fs')
const LIMIT = 65536
const { owner, repo } = context.repo
const said = new Map()
const markerOf = (number) => `<!-- trellis-environment:pr-${number} -->`
if (process.env.MADE === 'success') {
  const number = String(context.payload.pull_request.number)
  const text = fs.readFileSync('report/comment.md', 'utf8')
  if (text.split('\n', 1)[0] !== markerOf(number)) throw new Error('no marker')
  if (text.length > LIMIT) throw new Error('longer than a comment may be')
  said.set(number, text.replaceAll('@', '@\u200b'))
} else if (process.env.MADE === 'failure') {
  const number = String(context.payload.pull_request.number)
  const run = `https://github.com/${owner}/${repo}/actions/runs/${context.runId}`
  said.set(number, `${markerOf(number)}\n**\`pr-${number}\` could not be made**: ` +
    `[the run says why](${run}). What was made stays until the pull request is closed.\n`)
}
for (const number of (process.env.DESTROYED || '').split(' ').filter(Boolean)) {
  if (!/^[0-9]{1,9}$/.test(number)) throw new Error('no number of a pull request')
  said.set(number, `${markerOf(number)}\n\`pr-${number}\` is destroyed. ` +
    'A push to an open pull request makes it again.\n')
}
for (const [number, body] of said) {
  const issue_number = Number(number)
  const comments = await github.paginate(github.rest.issues.listComments, {
    owner, repo, issue_number, per_page: 100,
  })
  const mine = comments.find(
    (one) => one.user.login === 'github-actions[bot]' && one.body.startsWith(markerOf(number)),
  )
  if (mine) {
    await github.rest.issues.updateComment({ owner, repo, comment_id: mine.id, body })
  } else {
    await github.rest.issues.createComment({ owner, repo, issue_number, body })
  }
}
