// Runs a viewer-request function on requests, in a context that has what cloudfront-js-2.0 has and
// nothing else: no network, no files, no timers, no Node ("JavaScript runtime 2.0 features for
// CloudFront Functions"). Reads {code, requests} from standard input, prints the answers; with
// --lines it does so a line at a time, until its input ends.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import vm from 'node:vm'

const FORBIDDEN = /\b(eval|Function|setTimeout|setInterval|require|XMLHttpRequest|fetch|process|class|for\s*\(.*\bof\b)\b/

// Milliseconds after which a loop is endless, on however busy a machine.
const ENDLESS = 5000

function loaded(code) {
  const bare = code.replace(/\/\/.*$/gm, '')
  if (FORBIDDEN.test(bare)) throw new Error(`not in cloudfront-js-2.0: ${FORBIDDEN.exec(bare)[0]}`)
  const context = vm.createContext(Object.create(null), {
    codeGeneration: { strings: false, wasm: false },
  })
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'globalThis', 'escape', 'unescape']) {
    vm.runInContext(`delete this.${name}`, context)
  }
  vm.runInContext(`'use strict'; ${code}; this.run = (text) => {
    const { request, raw } = JSON.parse(text);
    request.rawQueryString = () => (raw === null ? undefined : raw);
    const event = { version: '1.0', context: { eventType: 'viewer-request' }, viewer: { ip: '192.0.2.1' }, request };
    return JSON.stringify(handler(event));
  }`, context, { timeout: ENDLESS })
  return context
}

const contexts = new Map()

function answers({ code, requests }) {
  if (!contexts.has(code)) contexts.set(code, loaded(code))
  const context = contexts.get(code)
  return requests.map(({ method, host, uri, raw, accept }) => {
    const headers = host === null ? {} : { host: { value: host } }
    if (accept) headers.accept = { value: accept }
    const request = { method, uri, headers, cookies: {}, querystring: {} }
    const text = JSON.stringify(JSON.stringify({ request, raw }))
    return JSON.parse(vm.runInContext(`this.run(${text})`, context, { timeout: ENDLESS }))
  })
}

if (process.argv.includes('--lines')) {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(answers(JSON.parse(line))) + '\n')
  }
} else {
  process.stdout.write(JSON.stringify(answers(JSON.parse(readFileSync(0, 'utf8')))))
}
