import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'

/** By which a web page can have a browser send something, or read something. */
const sending = {
  quick: [
    'fetch as JSON',
    'fetch without preflight',
    'fetch no-cors',
    'fetch same-origin',
    'fetch that outlives the page',
    'XMLHttpRequest',
    'form plain text',
    'beacon',
    'worker that fetches',
  ],
  slow: ['form urlencoded', 'form multipart', 'form in a window', 'beacon as JSON'],
} as const
const reading = {
  quick: [
    'fetch as JSON',
    'fetch without preflight',
    'fetch no-cors',
    'fetch same-origin',
    'XMLHttpRequest',
    'frame',
    'image',
    'script',
    'import',
    'style sheet',
    'font',
    'EventSource',
    'worker that fetches',
  ],
  slow: [
    'form GET',
    'object',
    'embed',
    'module',
    'audio',
    'WebSocket',
    'worker',
    'worker that imports',
    'service worker',
  ],
} as const
export const vectors = {
  sending: [...sending.quick, ...sending.slow],
  all: [...new Set([...sending.quick, ...sending.slow, ...reading.quick, ...reading.slow])],
} as const
export type Vector = (typeof vectors.all)[number]

export interface Target {
  readonly method: string
  readonly path: string
  /** JSON. */
  readonly body: string
}

/** What one way of asking brought the page: the text that it could read, empty where it could read nothing. */
export interface Knock {
  readonly vector: Vector
  readonly target: string
  readonly read: string
}

export interface KnockOptions {
  /** Where the requests go. */
  readonly origin: string
  readonly targets: readonly Target[]
  /** Sent where a page can add headers. */
  readonly headers?: Readonly<Record<string, string>>
  /** What each target is asked by; all that is quick and some of what is slow, in turn, when left out. */
  readonly by?: readonly Vector[]
}

/** Has a page ask these targets, and resolves when all of it has ended. */
export function knockFrom(page: Page, options: KnockOptions): Promise<Knock[]> {
  const knocks = options.targets.flatMap((target, at) => {
    const { quick, slow } = target.method === 'GET' ? reading : sending
    const turn = [0, 1].map((nth) => slow[(2 * at + nth) % slow.length]!)
    return (options.by ?? [...quick, ...turn]).map((vector) => ({ vector, target }))
  })
  const given = { origin: options.origin, headers: options.headers ?? {}, knocks }
  return page.evaluate(async ({ origin, headers, knocks: left }) => {
    type Act = (url: string, target: Target) => Promise<string>
    const isRead = (method: string) => method === 'GET' || method === 'DELETE'
    const isSimple = (method: string) => (method === 'GET' ? 'GET' : 'POST')
    const bodyOf = (method: string, body: string) => (isRead(method) ? {} : { body })
    let made = 0
    // Whatever nobody refers to may be gone before it has said how it ended.
    const alive: unknown[] = []
    const asked = async (url: string, init: RequestInit) => {
      try {
        const answer = await fetch(url, { credentials: 'include', ...init })
        return answer.type === 'opaque' ? '' : `${answer.status} ${await answer.text()}`
      } catch {
        return ''
      }
    }
    /** Gives up in the end: of what never comes nothing is read. */
    const until = async (isSo: () => boolean) => {
      const endMs = performance.now() + 5_000
      while (!isSo() && performance.now() < endMs) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    /** What stands in a window or frame: nothing yet, something of this page's own origin, or what it may not see. */
    const shows = (shown: Window) => {
      try {
        if (shown.location.href === 'about:blank') return 'nothing'
        return shown.document.readyState === 'complete' ? 'own' : 'nothing'
      } catch {
        return 'another'
      }
    }
    const textOf = async (shown: Window) => {
      await until(() => shows(shown) !== 'nothing')
      return shows(shown) === 'own' ? (shown.document.documentElement.textContent ?? '') : ''
    }
    const framed = async (start: (name: string, frame: HTMLIFrameElement) => void) => {
      const frame = document.createElement('iframe')
      frame.name = `frame${made++}`
      document.body.append(frame)
      start(frame.name, frame)
      const text = await textOf(frame.contentWindow!)
      frame.remove()
      return text
    }
    const fieldsOf = (form: HTMLFormElement, fields: readonly (readonly [string, string])[]) => {
      for (const [name, value] of fields) {
        const input = document.createElement('input')
        input.name = name
        input.value = value
        form.append(input)
      }
    }
    const posted = (url: string, enctype: string, body: string, target: string) => {
      const form = document.createElement('form')
      Object.assign(form, { action: url, target, enctype, method: enctype === '' ? 'get' : 'post' })
      const all = Object.entries(JSON.parse(body) as Record<string, unknown>)
      // Plain text that is JSON: the sign between name and value stands within a string.
      const plain = [[`${body.slice(0, -1)}${all.length > 0 ? ',' : ''}"x":"`, '"}']] as const
      fieldsOf(form, enctype === 'text/plain' ? plain : all.map(([name, value]) => [name, String(value)]))
      document.body.append(form)
      form.submit()
      form.remove()
    }
    /** Elements that say only whether something came. */
    const loaded = (tag: string, values: object, parent: Element = document.body) =>
      new Promise<string>((resolve) => {
        const element = document.createElement(tag)
        const end = (text: string) => () => {
          element.remove()
          resolve(text)
        }
        element.addEventListener('error', end(''))
        for (const name of ['load', 'loadeddata']) element.addEventListener(name, end(`${tag} loaded`))
        Object.assign(element, values)
        parent.append(element)
      })
    const opened = (source: EventTarget & { close(): void }) =>
      new Promise<string>((resolve) => {
        source.addEventListener('open', () => resolve('opened'))
        source.addEventListener('message', () => resolve('told'))
        source.addEventListener('error', () => resolve(''))
      }).finally(() => source.close())
    const workerOf = (text: string) => {
      const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
      const worker = new Worker(url)
      return {
        ask: (message: unknown) =>
          new Promise<string>((resolve) => {
            const { port1, port2 } = new MessageChannel()
            port1.onmessage = ({ data }) => resolve(String(data))
            worker.postMessage(message, [port2])
          }),
      }
    }
    const fetching = workerOf(`onmessage = async ({ data: [url, init], ports: [port] }) => {
      try {
        const answer = await fetch(url, init)
        port.postMessage(answer.status + ' ' + await answer.text())
      } catch { port.postMessage('') }
    }`)
    const importing = workerOf(`onmessage = ({ data: url, ports: [port] }) => {
      try { importScripts(url); port.postMessage('imported') } catch { port.postMessage('') }
    }`)
    // One window for all: a page may open only so many.
    let isWindowFree: Promise<unknown> = Promise.resolve()
    const inWindow = (act: () => Promise<string>) => {
      const turn = isWindowFree.then(act)
      isWindowFree = turn
      return turn
    }
    const json = { 'content-type': 'application/json', ...headers }
    const acts: Record<Vector, Act> = {
      'fetch as JSON': (url, { method, body }) =>
        asked(url, { method, headers: json, ...bodyOf(method, body) }),
      'fetch without preflight': (url, { method, body }) =>
        asked(url, { method: isSimple(method), ...bodyOf(isSimple(method), body) }),
      'fetch no-cors': (url, { method, body }) =>
        asked(url, { mode: 'no-cors', method: isSimple(method), ...bodyOf(isSimple(method), body) }),
      'fetch same-origin': (url, { method, body }) =>
        asked(url, { mode: 'same-origin', method, headers: json, ...bodyOf(method, body) }),
      'fetch that outlives the page': (url, { method, body }) =>
        asked(url, { keepalive: true, method: isSimple(method), ...bodyOf(isSimple(method), body) }),
      XMLHttpRequest: (url, { method, body }) =>
        new Promise((resolve) => {
          const request = new XMLHttpRequest()
          request.open(method, url)
          request.withCredentials = true
          for (const [name, value] of Object.entries(json)) request.setRequestHeader(name, value)
          request.onerror = () => resolve('')
          request.onload = () => resolve(`${request.status} ${request.responseText}`)
          request.send(isRead(method) ? null : body)
        }),
      'form urlencoded': (url, { body }) =>
        framed((name) => posted(url, 'application/x-www-form-urlencoded', body, name)),
      'form multipart': (url, { body }) => framed((name) => posted(url, 'multipart/form-data', body, name)),
      'form plain text': (url, { body }) => framed((name) => posted(url, 'text/plain', body, name)),
      'form GET': (url, { body }) => framed((name) => posted(url, '', body, name)),
      'form in a window': (url, { body }) =>
        inWindow(async () => {
          const shown = open('about:blank', 'window-of-his')!
          await until(() => shows(shown) === 'nothing')
          posted(url, 'text/plain', body, 'window-of-his')
          const text = await textOf(shown)
          shown.location.replace('about:blank')
          return text
        }),
      frame: (url) =>
        framed((_, frame) => {
          frame.src = url
        }),
      object: (url) => loaded('object', { data: url }),
      embed: (url) =>
        framed((_, frame) => {
          frame.srcdoc = `<embed src="${url}">`
        }),
      image: (url) => loaded('img', { src: url }),
      script: (url) => loaded('script', { src: url }),
      module: (url) => loaded('script', { type: 'module', src: url }),
      import: (url) =>
        import(url).then(
          () => 'imported',
          () => '',
        ),
      'style sheet': (url) => loaded('link', { rel: 'stylesheet', href: url }, document.head),
      audio: (url) => loaded('audio', { preload: 'auto', src: url }),
      font: (url) =>
        new FontFace('his', `url("${url}")`).load().then(
          () => 'font loaded',
          () => '',
        ),
      beacon: async (url, { body }) => {
        navigator.sendBeacon(url, body)
        return ''
      },
      'beacon as JSON': async (url, { body }) => {
        navigator.sendBeacon(url, new Blob([body], { type: 'application/json' }))
        return ''
      },
      EventSource: (url) => opened(new EventSource(url, { withCredentials: true })),
      WebSocket: (url) => opened(new WebSocket(url.replace(/^http/, 'ws'))),
      worker: async (url) => {
        try {
          const worker = new Worker(url)
          alive.push(worker)
          return await new Promise((resolve) => {
            worker.onerror = () => resolve('')
            worker.onmessage = () => resolve('worker ran')
          })
        } catch {
          return ''
        }
      },
      'worker that fetches': (url, { method, body }) =>
        fetching.ask([url, { method, credentials: 'include', headers: json, ...bodyOf(method, body) }]),
      'worker that imports': (url) => importing.ask(url),
      'service worker': async (url) => {
        try {
          await navigator.serviceWorker.register(url)
          return 'registered'
        } catch {
          return ''
        }
      },
    }
    const done: Knock[] = []
    const work = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const { vector, target } = next
        const late = new Promise<string>((resolve) => setTimeout(() => resolve('no end'), 60_000))
        const read = await Promise.race([acts[vector](`${origin}${target.path}`, target), late])
        done.push({ vector, target: `${target.method} ${target.path}`, read })
      }
    }
    await Promise.all(Array.from({ length: 8 }, work))
    return done
  }, given)
}

/** A web server of a stranger. */
export async function startStranger(answer: RequestListener, port = 0) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
