import { hash } from 'node:crypto'
import { BhorError } from '../core/errors.ts'
import { linesOf, type Reply, securityHeaders } from './reply.ts'
import type { Returns } from './returns.ts'
import type { Row } from './table.ts'

export const keyFramePath = '/desk/key'
const scriptPath = '/desk/key.js'

/**
 * Runs in a frame without a face, at an address of its own in whose storage the browser has its key. The key cannot be
 * read, not even here: it only signs, and only what names the page that asks, as the browser says where that is.
 */
const script = `const parentOrigin = document.documentElement.dataset.parent
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})
const open = () => {
  const request = indexedDB.open('bhor', 1)
  request.onupgradeneeded = () => request.result.createObjectStore('keys')
  return done(request)
}
const inStore = async (mode, act) => {
  const db = await open()
  try {
    // The frame goes as soon as it has answered, and what is not complete by then never is.
    const transaction = db.transaction('keys', mode, { durability: 'strict' })
    const complete = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve
      transaction.onabort = () => reject(transaction.error)
    })
    const result = await done(act(transaction.objectStore('keys')))
    await complete
    return result
  } finally {
    db.close()
  }
}
const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const acts = {
  async make() {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, false, ['sign'])
    await inStore('readwrite', (keys) => keys.put(privateKey, 'key'))
    return base64(await crypto.subtle.exportKey('spki', publicKey))
  },
  async sign({ challenge, nextKey }) {
    const key = await inStore('readonly', (keys) => keys.get('key'))
    if (key === undefined) throw new Error('no key')
    const text = ['bhor return', challenge, parentOrigin, nextKey].join('\\n')
    return base64(await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(text)))
  },
  async forget() {
    await done(indexedDB.deleteDatabase('bhor'))
    return ''
  },
}
addEventListener('message', async (event) => {
  if (event.source !== parent || event.origin !== parentOrigin) return
  const [port] = event.ports
  try {
    port.postMessage({ said: await acts[event.data.act](event.data) })
  } catch (error) {
    port.postMessage({ fault: String(error) })
  }
})
// bhor has no service worker. Where there is one, somebody else was here.
navigator.serviceWorker.getRegistrations().then((all) => {
  if (all.length === 0 && parent !== window) parent.postMessage('ready', parentOrigin)
})
`

const integrity = `sha384-${hash('sha384', script, 'base64')}`

const scriptReply: Reply = {
  status: 200,
  headers: linesOf({ ...securityHeaders, 'content-type': 'text/javascript; charset=utf-8' }),
  body: script,
}

function frame(parent: string): Reply {
  const policy = `default-src 'none'; script-src 'self'; worker-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors ${parent}; require-trusted-types-for 'script'`
  return {
    status: 200,
    headers: linesOf({
      ...securityHeaders,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'integrity-policy': 'blocked-destinations=(script)',
    }),
    body: `<!doctype html>
<html lang="en" data-parent="${parent}">
<title>bhor</title>
<script src="${scriptPath}" integrity="${integrity}" crossorigin defer></script>
`,
  }
}

/** The frame is there only for the page that was just told of it, which is named in its address. */
export function keyFrameRows(returns: Returns): readonly Row[] {
  return [
    {
      method: 'GET',
      path: keyFramePath,
      answer(request) {
        const parent = `http://${request.search.replace(/^for=/, '')}`
        if (!returns.isFrame(request.header('host') ?? '', parent))
          throw new BhorError('not_found', 'There is nothing at this address.')
        return frame(parent)
      },
    },
    { method: 'GET', path: scriptPath, hasHead: true, answer: () => scriptReply },
  ]
}
