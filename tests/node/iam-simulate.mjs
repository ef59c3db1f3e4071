// Evaluates IAM requests read as a JSON list from standard input; prints a list of verdicts.
import { readFileSync } from 'node:fs'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const everything = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}

const verdicts = []
for (const { account, principal, action, resource, context, identity, boundary, resourcePolicy } of JSON.parse(
  readFileSync(0, 'utf8'),
)) {
  const response = await runSimulation(
    {
      request: {
        principal: principal ?? `arn:aws:iam::${account}:role/asked`,
        action,
        resource: { resource, accountId: account },
        contextVariables: context,
      },
      identityPolicies: identity.map((policy, at) => ({ name: `policy${at}`, policy })),
      resourcePolicy: resourcePolicy ?? undefined,
      permissionBoundaryPolicies: boundary ? [{ name: 'boundary', policy: boundary }] : undefined,
      serviceControlPolicies: [
        { orgIdentifier: 'root', policies: [{ name: 'all', policy: everything }] },
      ],
      resourceControlPolicies: [],
    },
    {},
  )
  verdicts.push(
    response.resultType === 'error' ? `error: ${JSON.stringify(response.errors)}` : response.overallResult,
  )
}
process.stdout.write(JSON.stringify(verdicts))
