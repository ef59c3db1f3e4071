// Runs the canary's script on answers that a server might give. Reads [{environment, answer}] from
// standard input; prints what each run says: null where it succeeds, else the reason it fails for.
// An answer has a status and parts of a body, or `fails` (a connection's error), or `silent`.
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Readable } from 'node:stream'

const require = createRequire(import.meta.url)
const https = require('node:https')
const { handler } = require('../../functions/canary/heartbeat.js')

function answering(answer, asked) {
  return (url, options, heard) => {
    asked.push({ url, agent: options.headers['User-Agent'] })
    const request = new EventEmitter()
    request.destroy = (error) => setImmediate(() => request.emit('error', error))
    request.setTimeout = (milliseconds, late) => {
      asked[0].milliseconds = milliseconds
      if (answer.silent) setImmediate(late)
    }
    setImmediate(() => {
      if (answer.silent) return
      if (answer.fails) return request.emit('error', new Error(answer.fails))
      const body = answer.parts ?? []
      const response = Readable.from(answer.endless ? endless() : body.map((part) => Buffer.from(part)))
      response.statusCode = answer.status
      heard(response)
    })
    return request
  }
}

function* endless() {
  for (;;) yield Buffer.alloc(65536, 'x')
}

const said = []
for (const { environment, answer } of JSON.parse(readFileSync(0, 'utf8'))) {
  const asked = []
  Object.assign(process.env, { CONTAINS: '', ...environment })
  https.get = answering(answer, asked)
  let reason = null
  try {
    await handler()
  } catch (error) {
    reason = error.message
  }
  said.push({ reason, asked: asked[0] })
}
console.log(JSON.stringify(said))
