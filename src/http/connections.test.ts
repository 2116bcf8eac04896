import assert from 'node:assert/strict'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { statusesOf } from '../../test/support/doors.ts'
import { ManualClock } from '../core/clock.ts'
import type { BhorError } from '../core/errors.ts'
import { systemRandom } from '../core/random.ts'
import { Addresses } from './addresses.ts'
import { doors } from './doors.ts'
import { guardedServer } from './guarded-server.ts'
import { listenOnPort } from './listen.ts'
import { problemReply } from './problem.ts'
import type { Reply } from './reply.ts'
import type { HttpRequest } from './request.ts'

type Answer = (request: HttpRequest) => Reply | Promise<Reply>

/** A guarded server on which a request shows who it is by its header X-Key or X-Page. */
async function openGuarded(mostStrangers: number, answers: Readonly<Record<string, Answer>> = {}) {
  const clock = new ManualClock()
  const addresses = new Addresses(() => 'a1b2c3d4e5f6g7h8')
  const guarded = guardedServer({
    door: doors.desk,
    own: addresses,
    random: systemRandom,
    clock,
    known: () => undefined,
    everybody: undefined,
    mostStrangers,
    async answer(request) {
      const key = request.header('x-key')
      const page = request.header('x-page')
      try {
        if (key !== undefined) request.shownBy(key === 'wrong' ? undefined : { kind: 'key', id: key })
        else if (page !== undefined) request.shownBy({ kind: 'desk', id: page })
      } catch (error) {
        return problemReply(error as BhorError, 'req_x')
      }
      return answers[request.path]?.(request) ?? { status: 200, headers: [], body: 'ok' }
    },
  })
  await listenOnPort(guarded.server, 0, '127.0.0.1')
  const { port } = guarded.server.address() as AddressInfo
  const own = `127.0.0.1:${port}`
  addresses.listenAt(own)
  const clients: Client[] = []
  return {
    ...guarded,
    clock,
    port,
    async open() {
      const client = new Client(await connected(port), own)
      clients.push(client)
      return client
    },
    async [Symbol.asyncDispose]() {
      for (const { socket } of clients) socket.destroy()
      await guarded.close()
    },
  }
}

class Client {
  readonly socket: Socket
  readonly closed: Promise<void>
  isClosed = false
  text = ''
  readonly #own: string
  #onText = () => {}

  constructor(socket: Socket, own: string) {
    this.socket = socket
    this.#own = own
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.isClosed = true
        this.#onText()
        resolve()
      })
    })
    socket.on('data', (chunk: Buffer) => {
      this.text += chunk.toString('latin1')
      this.#onText()
    })
  }
  send(head: string, ...lines: string[]): void {
    this.socket.write(`${[`${head} HTTP/1.1`, `Host: ${this.#own}`, ...lines].join('\r\n')}\r\n\r\n`)
  }
  /** The answers' statuses, as soon as there are so many of them, or the connection is closed. */
  async statuses(count: number): Promise<number[]> {
    for (;;) {
      const all = statusesOf(this.text)
      if (all.length >= count || this.isClosed) return all
      await new Promise<void>((resolve) => {
        this.#onText = resolve
      })
    }
  }
  /** The status of one more answer; undefined when the connection is closed instead. */
  async ask(path = '/', ...lines: string[]): Promise<number | undefined> {
    const count = statusesOf(this.text).length + 1
    this.send(`GET ${path}`, ...lines)
    return (await this.statuses(count))[count - 1]
  }
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
    socket.once('error', reject)
    socket.on('error', () => {})
  })
}

test('strangers share a budget: the one that did nothing for longest goes, whoever has shown himself stays', async () => {
  await using server = await openGuarded(8)
  const known = await server.open()
  assert.equal(await known.ask('/', 'X-Key: a'), 200)
  const page = await server.open()
  assert.equal(await page.ask('/', 'X-Page: a'), 200)
  const strangers: Client[] = []
  for (let at = 0; at < 8; at++) {
    await server.clock.advance(1)
    strangers.push(await server.open())
    // Some have asked something already; that makes nobody known.
    if (at % 2 === 0) assert.equal(await strangers.at(-1)!.ask(), 200)
  }
  await server.clock.advance(1)
  assert.equal(await strangers[0]!.ask(), 200, 'it has done something now')
  const more = [await server.open(), await server.open(), await server.open()]
  await Promise.all([strangers[1], strangers[2], strangers[3]].map((gone) => gone!.closed))
  for (const each of [strangers[0], strangers[4], strangers[7], ...more]) assert.equal(await each!.ask(), 200)
  for (const each of [known, page])
    assert.equal(await each.ask(), 200, 'without a credential, on the same connection')
  assert.equal(await known.ask('/', 'X-Key: wrong'), 200)
  await server.clock.advance(1)
  for (let at = 0; at < 9; at++) await server.open()
  await known.closed
  assert.equal(await page.ask(), 200)
})

test('fifty strangers that ask without end keep nobody new from an answer', async () => {
  await using server = await openGuarded(20)
  let isOver = false
  const again = async (): Promise<void> => {
    while (!isOver) {
      const stranger = await server.open()
      while (!isOver && (await stranger.ask()) === 200);
    }
  }
  const flood = Array.from({ length: 50 }, again)
  for (let at = 0; at < 8; at++) {
    const fresh = await server.open()
    assert.equal(await fresh.ask('/', 'X-Key: a'), 200)
    assert.equal(await fresh.ask('/', 'X-Key: a'), 200)
    fresh.socket.destroy()
  }
  isOver = true
  await Promise.all(flood)
})

test('what is being made for a stranger is not broken off for another one', async () => {
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  await using server = await openGuarded(2, {
    '/slow': () => held.then(() => ({ status: 200, headers: [], body: 'slow' })),
  })
  const atWork = await server.open()
  atWork.send('GET /slow')
  await server.clock.advance(1)
  for (let at = 0; at < 6; at++) assert.equal(await (await server.open()).ask(), 200)
  goOn()
  assert.deepEqual(await atWork.statuses(1), [200])
})

for (const who of ['X-Key', 'X-Page']) {
  test(`${who}: of 128 connections of one caller the one that did nothing for longest makes room; with all at work it is told`, async () => {
    let goOn = () => {}
    const held = new Promise<void>((resolve) => {
      goOn = resolve
    })
    let atWork = 0
    let allAtWork = () => {}
    const full = new Promise<void>((resolve) => {
      allAtWork = resolve
    })
    await using server = await openGuarded(200, {
      '/slow': () => {
        if (++atWork === 128) allAtWork()
        return held.then(() => ({ status: 200, headers: [], body: 'slow' }))
      },
    })
    const other = await server.open()
    assert.equal(await other.ask('/', `${who}: b`), 200)
    const all: Client[] = []
    const openMore = async () => {
      await server.clock.advance(1)
      all.push(await server.open())
      return all.at(-1)!.ask('/', `${who}: a`)
    }
    for (let at = 0; at < 128; at++) assert.equal(await openMore(), 200)
    // One is at work, another has done something since.
    all[0]!.send('GET /slow')
    assert.equal(await all[1]!.ask(), 200)
    for (const gone of [2, 3]) {
      assert.equal(await openMore(), 200)
      await all[gone]!.closed
    }
    assert.deepEqual(
      all.flatMap(({ isClosed }, at) => (isClosed ? [at] : [])),
      [2, 3],
    )
    for (const each of all.slice(1)) if (!each.isClosed) each.send('GET /slow')
    await full
    assert.equal(await openMore(), 429)
    const more = all.at(-1)!
    assert.match(more.text, /\r\nretry-after: 1\r\n/)
    assert.match(more.text, /"code":"rate_limited"/)
    assert.equal(await more.ask('/', `${who}: c`), 200)
    assert.equal(await other.ask(), 200)
    goOn()
    assert.deepEqual(await all[0]!.statuses(2), [200, 200])
    assert.equal(await openMore(), 200)
  })
}

test('an answer that nobody takes ends its connection, however slow others are in taking theirs', async () => {
  const body = Buffer.alloc(16 * 1024 * 1024, 'x')
  await using server = await openGuarded(100, { '/big': () => ({ status: 200, headers: [], body }) })
  const [never, slow] = [await server.open(), await server.open()]
  never.socket.pause()
  slow.socket.pause()
  for (const each of [never, slow]) each.send('GET /big')
  const other = await server.open()
  assert.equal(await other.ask(), 200)
  await server.clock.advance(10_000)
  slow.socket.resume()
  assert.deepEqual(await slow.statuses(1), [200])
  while (slow.text.length < body.length)
    await new Promise<void>((resolve) => slow.socket.once('data', () => resolve()))
  await server.clock.advance(5_000)
  never.socket.resume()
  await never.closed
  assert.ok(never.text.length < body.length)
  assert.equal(await slow.ask(), 200)
})

test('a body that nobody wants is read to its end, unless it has none', async () => {
  await using server = await openGuarded(100)
  const small = await server.open()
  small.send('POST /x', 'Content-Length: 100000')
  assert.deepEqual(await small.statuses(1), [200])
  small.socket.write('a'.repeat(100_000))
  assert.equal(await small.ask(), 200, 'the next request on the same connection')
  const endless = await server.open()
  endless.send('POST /x', 'Transfer-Encoding: chunked')
  const chunk = `8000\r\n${'a'.repeat(0x8000)}\r\n`
  const pour = () => {
    while (endless.socket.writable && endless.socket.write(chunk));
  }
  endless.socket.on('drain', pour)
  pour()
  await endless.closed
  assert.deepEqual(statusesOf(endless.text).slice(0, 1), [200])
})

test('a hundred thousand requests in one go: no more than a few are objects at a time', async () => {
  let [inProgress, most, count] = [0, 0, 0]
  await using server = await openGuarded(100, {
    async '/x'() {
      most = Math.max(most, ++inProgress)
      await new Promise<void>((resolve) => setImmediate(resolve))
      inProgress--
      count++
      return { status: 200, headers: [], body: '' }
    },
  })
  let arrived = 0
  server.server.prependListener('request', () => arrived++)
  const flood = await server.open()
  flood.socket.write(`GET /x HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`.repeat(100_000))
  while (count < 200) {
    assert.ok(arrived - count < 60, `${arrived - count} at once`)
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  assert.equal(most, 1)
})

test('Expect: 100-continue is answered when the body is wanted, and else by the answer itself', async () => {
  let read = ''
  await using server = await openGuarded(100, {
    async '/wants'(request) {
      for await (const chunk of request.body()!) read += String(chunk)
      return { status: 200, headers: [], body: 'taken' }
    },
  })
  const wanted = await server.open()
  wanted.send('POST /wants', 'Expect: 100-Continue', 'Content-Length: 4')
  assert.deepEqual(await wanted.statuses(1), [100])
  wanted.socket.write('body')
  assert.deepEqual(await wanted.statuses(2), [100, 200])
  assert.equal(read, 'body')
  assert.equal(await wanted.ask(), 200, 'the connection goes on')
  const refused = await server.open()
  refused.send('POST /x', 'Expect: 100-continue', 'Content-Length: 4')
  await refused.closed
  assert.deepEqual(statusesOf(refused.text), [200], 'no 100')
  assert.match(refused.text, /\r\nconnection: close\r\n/i)
  for (const expected of ['x', '100-continue, x']) {
    const unknown = await server.open()
    unknown.send('POST /wants', `Expect: ${expected}`, 'Content-Length: 4')
    await unknown.closed
    assert.deepEqual(statusesOf(unknown.text), [417])
  }
  const old = await server.open()
  old.socket.write(
    `POST /wants HTTP/1.0\r\nHost: 127.0.0.1:${server.port}\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nold`,
  )
  await old.closed
  assert.deepEqual(statusesOf(old.text), [200], 'HTTP/1.0 knows no 100')
})

test('at its end the server answers what is in progress, and waits for nobody else', async () => {
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const body = Buffer.alloc(16 * 1024 * 1024, 'x')
  await using server = await openGuarded(100, {
    '/slow': () => held.then(() => ({ status: 200, headers: [], body: 'slow' })),
    '/big': () => ({ status: 200, headers: [], body }),
  })
  const [idle, known, half, slow, never] = await Promise.all(Array.from({ length: 5 }, () => server.open()))
  assert.equal(await known!.ask('/', 'X-Key: a'), 200)
  half!.socket.write(`POST /slow HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Length: 5\r\n\r\nab`)
  never!.socket.pause()
  never!.send('GET /big')
  slow!.send('GET /slow')
  slow!.send('GET /slow')
  assert.equal(await (await server.open()).ask(), 200)
  const closed = server.close()
  await Promise.all([idle!.closed, known!.closed, half!.closed])
  await server.clock.advance(1_000)
  goOn()
  await slow!.closed
  assert.deepEqual(statusesOf(slow!.text), [200], 'nothing that was sent behind it')
  never!.socket.resume()
  await closed
})
