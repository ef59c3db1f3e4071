const fs = require('fs')
const { owner, repo } = context.repo
const { SERVICE, BRANCH, PROJECT, STACKS, DIGEST } = process.env
for (const stack of STACKS.split(', ')) {
  const name = `Pulumi.${stack}.yaml`
  const text = fs.readFileSync(`stacks/stack-${stack}/${name}`, 'utf8')
  if (!text.includes(DIGEST)) throw new Error(`${name} does not name ${DIGEST}`)
  const path = PROJECT === '.' ? name : `${PROJECT}/${name}`
  const former = fs.readFileSync(`stacks/stack-${stack}/former`, 'utf8').trim()
  // Refused where somebody changed the file meanwhile, or where the branch takes no pushes: then
  // the digest is deployed and not written down, and a person does it.
  await github.rest.repos.createOrUpdateFileContents({
    owner, repo, path, branch: BRANCH, sha: former,
    message: `${SERVICE} in ${stack} is ${DIGEST}`,
    content: Buffer.from(text).toString('base64'),
  })
}
