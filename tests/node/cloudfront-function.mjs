// Runs a viewer-request function on requests, in a context that has what cloudfront-js-2.0 has and
// nothing else: no network, no files, no timers, no Node ("JavaScript runtime 2.0 features for
// CloudFront Functions"). Reads {code, requests} from standard input, prints the answers.
import { readFileSync } from 'node:fs'
import vm from 'node:vm'

const FORBIDDEN = /\b(eval|Function|setTimeout|setInterval|require|XMLHttpRequest|fetch|process|class|for\s*\(.*\bof\b)\b/
const { code, requests } = JSON.parse(readFileSync(0, 'utf8'))
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
}`, context, { timeout: 1000 })

const answers = requests.map(({ method, host, uri, raw }) => {
  const headers = host === null ? {} : { host: { value: host } }
  const request = { method, uri, headers, cookies: {}, querystring: {} }
  const text = JSON.stringify(JSON.stringify({ request, raw }))
  return JSON.parse(vm.runInContext(`this.run(${text})`, context, { timeout: 100 }))
})
process.stdout.write(JSON.stringify(answers))
