import assert from 'node:assert/strict'
import {
  chmodSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from './support/at-the-terminal.ts'
import { type CommandBed, openCommandBed } from './support/command-bed.ts'
import { startImpostor } from './support/impostor.ts'
import { canBeAnother, otherUser } from './support/other-user.ts'
import {
  pythonClient,
  startProgram,
  type UserFolder,
  type UserProgram,
  userFolder,
} from './support/python.ts'

/** 05:00 in India, an hour before dawn, and far enough from any host's clock: a session lasts for it too. */
const start = '2036-11-23T23:30:00Z'

interface PythonBed extends AsyncDisposable {
  readonly bed: CommandBed
  readonly folder: UserFolder
  run(code: string, options?: Options): UserProgram
}
interface Options {
  readonly over?: 'socket' | 'key'
  readonly installed?: 'official clients' | 'nothing installed'
  readonly env?: Readonly<Record<string, string>>
}

async function openPythonBed(broker = 'kite'): Promise<PythonBed> {
  await using opening = new AsyncDisposableStack()
  const bed = opening.use(await openCommandBed({ start }))
  const folder = opening.use(userFolder())
  if (broker !== 'kite') await bed.world.addAccount({ account: 'papa', broker })
  const { key } = await bed.world.app.desk.keys.add(bed.world.app.operator, {
    name: 'python',
    scopes: ['status', 'read-token'],
  })
  const parts = opening.move()
  return {
    bed,
    folder,
    run(code, { over = 'socket', installed = 'nothing installed', env = {} } = {}) {
      const way =
        over === 'socket' ? { BHOR_HOME: bed.world.home } : { BHOR_URL: bed.origin, BHOR_KEY: key.reveal() }
      writeFileSync(join(folder.path, 'program.py'), code)
      const own = folder.environment({ ...way, ...env }, installed)
      return startProgram(['python3', 'program.py'], own, { cwd: folder.path })
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

async function handOuts({ world }: CommandBed): Promise<number> {
  const records = await world.app.desk.audit.list(world.app.operator, { limit: 999 })
  return records.filter(({ action, result }) => action === 'session.handout' && result === 'ok').length
}

test('bhor.py is one file that Python 3.8 can read, and needs nothing but what comes with Python', async () => {
  using folder = userFolder()
  const code = `
import ast, sys
tree = ast.parse(open(${JSON.stringify(join(pythonClient, 'bhor.py'))}).read(), feature_version=(3, 8))
names = {(n.names[0].name if isinstance(n, ast.Import) else n.module).split(".")[0]
         for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom))}
known = getattr(sys, "stdlib_module_names", None)
print(sorted(names - set(known)) if known else [])
`
  writeFileSync(join(folder.path, 'check.py'), code)
  const checked = startProgram(['python3', 'check.py'], folder.environment({}), { cwd: folder.path })
  assert.deepEqual(await checked.ended, { code: 0, stdout: '[]\n', stderr: '' })
})

for (const over of ['socket', 'key'] as const)
  test(`over the ${over}: a bot of few lines lives through dawn and the next login, with one hand-out for each session`, async () => {
    await using python = await openPythonBed()
    const { bed, folder } = python
    const { world } = bed
    await world.logIn('demo')
    const [, page = ''] =
      /^```python bot\.py\n([\s\S]*?)^```$/m.exec(readFileSync('docs/python.md', 'utf8')) ?? []
    const bot = page.replace('"personal"', '"demo"').replace('time.sleep(60)', 'time.sleep(0.02)')
    assert.ok(bot.trim().split('\n').filter(Boolean).length <= 8)
    await using running = python.run(bot, { over })
    await running.says(/(?:^\w+ \d.*\n){3}/m)
    assert.equal(await handOuts(bed), 1)
    // 06:00 in India: the session is over, the bot waits.
    await world.advance(61 * 60_000)
    assert.equal((await world.app.desk.accounts.get(world.app.operator, 'demo')).status, 'expired')
    await world.logIn('demo')
    const written = running.stdout.split('\n').length
    await running.says(new RegExp(`(?:.*\n){${written + 3}}`))
    assert.equal(await handOuts(bed), 2)
    assert.equal(running.child.exitCode, null, 'nobody has started it again')
    assert.deepEqual(folder.connects().away, [])
    assert.ok(folder.connects().here.length > 0)
  })

test('a session that the broker has ended is reported and waited for; a read is sent again, an order is not', async () => {
  await using python = await openPythonBed()
  const { bed } = python
  const { world } = bed
  await world.logIn('demo')
  const code = `
import bhor, sys
kite = bhor.kite("demo", wait=True)
order = dict(exchange="NSE", tradingsymbol="INFY", transaction_type="BUY", quantity=1, product="CNC", order_type="LIMIT", price=1500)
print("placed", kite.place_order("regular", **order), flush=True)
sys.stdin.readline()
try:
    kite.place_order("regular", **order)
except Exception as error:
    print("refused", type(error).__name__, flush=True)
try:
    kite.place_order("regular", **order)
except bhor.LoginNeeded as error:
    print("needed", error.code, flush=True)
print("read", kite.profile()["user_id"], bhor.session("demo").generation, flush=True)
`
  writeFileSync(join(python.folder.path, 'program.py'), code)
  const own = python.folder.environment({ BHOR_HOME: world.home }, 'official clients')
  const { spawn } = await import('node:child_process')
  const child = spawn('python3', ['program.py'], { env: own, cwd: python.folder.path })
  let text = ''
  const said = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => pattern.test(text) && resolve()
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => {
          text += chunk
          look()
        })
      child.once('close', () => reject(new Error(text)))
      look()
    })
  try {
    await said(/placed \d+/)
    const session = JSON.parse((await world.app.desk.sessions.handOut(world.app.operator, 'demo')).reveal())
    // Somebody ends it at the broker, and bhor is not told. What was proven just now is not asked about again.
    await world.advance(10 * 60_000)
    const away = `${session.baseUrl}/session/token?api_key=${session.apiKey}&access_token=${session.accessToken}`
    assert.equal((await fetch(away, { method: 'DELETE', headers: session.headers })).status, 200)
    child.stdin.write('\n')
    await said(/refused TokenException\nneeded session_revoked\n/)
    await world.logIn('demo')
    await said(/read \w+ 2/)
  } finally {
    child.kill('SIGKILL')
  }
})

test('the small Kite client sends what pykiteconnect sends', async () => {
  await using python = await openPythonBed()
  await python.bed.world.logIn('demo')
  const code = `
import json, bhor
kite = bhor.kite("demo")
seen = []
import http.client
plain = http.client.HTTPConnection.request
def request(self, method, url, body=None, headers={}, **more):
    if "/v1/" not in url:
        kept = {n.lower(): v for n, v in headers.items()}
        kept.pop("user-agent", None); kept.pop("connection", None); kept.pop("host", None)
        seen.append([method, url, body.decode() if isinstance(body, bytes) else body or "", sorted(kept.items())])
    return plain(self, method, url, body, headers, **more)
http.client.HTTPConnection.request = request
kite.profile(); kite.margins(); kite.holdings(); kite.positions(); kite.orders()
order_id = kite.place_order(variety="regular", exchange="NSE", tradingsymbol="INFY", transaction_type="BUY",
    quantity=1, product="CNC", order_type="LIMIT", price=1500, tag=None)
kite.cancel_order("regular", order_id)
print(json.dumps(seen).replace(str(order_id), "ID"))
`
  const sent = async (installed: Options['installed']) => {
    const { code: exit, stdout, stderr } = await python.run(code, { installed: installed! }).ended
    assert.equal(exit, 0, stderr)
    return (JSON.parse(stdout) as [string, string, string, [string, string][]][]).map(
      ([method, url, body, headers]) => ({
        method,
        url,
        form: Object.fromEntries(new URLSearchParams(body)),
        headers: Object.fromEntries(headers.filter(([name]) => name !== 'content-length')),
      }),
    )
  }
  const [ours, theirs] = [await sent('nothing installed'), await sent('official clients')]
  assert.equal(ours.length, 7)
  for (const [at, { headers, ...request }] of ours.entries()) {
    const { headers: theirHeaders, ...theirRequest } = theirs[at]!
    assert.deepEqual(request, theirRequest)
    for (const name of [
      'authorization',
      'x-kite-version',
      ...(request.method === 'POST' ? ['content-type'] : []),
    ])
      assert.equal(headers[name], theirHeaders[name], `${request.url} ${name}`)
  }
})

test('upstox: reads and orders go to the hosts of the session, with and without the official client', async () => {
  await using python = await openPythonBed('upstox')
  const { userId } = await python.bed.world.logIn('papa')
  const order = `dict(quantity=1, product="D", validity="DAY", price=1500, instrument_token="NSE_EQ|INE009A01021",
    order_type="LIMIT", transaction_type="BUY", disclosed_quantity=0, trigger_price=0, is_amo=False)`
  const own = `
import bhor
upstox = bhor.upstox("papa")
print(upstox.profile()["user_id"], bool(upstox.place_order(**${order})))
`
  const official = `
import bhor, upstox_client
client = bhor.upstox("papa")
placed = upstox_client.OrderApi(client).place_order(${order}, "2.0")
print(upstox_client.UserApi(client).get_profile("2.0").data.user_id, bool(placed.data.order_id))
`
  for (const [code, installed] of [
    [own, 'nothing installed'],
    [official, 'official clients'],
  ] as const) {
    const { code: exit, stdout, stderr } = await python.run(code, { installed }).ended
    assert.deepEqual([exit, stdout], [0, `${userId} True\n`], stderr)
  }
  assert.deepEqual(python.folder.connects().away, [])
})

test('the small clients send lists as they are given: all of it in JSON, one pair for each in a query and a form', async () => {
  await using python = await openPythonBed('upstox')
  await python.bed.world.logIn('papa')
  await python.bed.world.logIn('demo')
  const code = `
import json, bhor, http.client
sent = []
plain = http.client.HTTPConnection.request
def request(self, method, url, body=None, headers={}, **more):
    if "/v1/" not in url:
        sent.append([method, url, headers.get("Content-Type"), body])
    return plain(self, method, url, body, headers, **more)
http.client.HTTPConnection.request = request
def call(work, *args):
    try:
        work(*args)
    except bhor.BrokerError:
        pass
upstox, kite = bhor.upstox("papa"), bhor.kite("demo")
rules = [{"strategy": "ENTRY", "price": None}, {"strategy": "STOPLOSS", "price": 9.5}]
call(upstox.post, "/v3/order/gtt/place", {"type": "MULTIPLE", "tag": None, "rules": rules})
call(upstox.post, "/v2/order/multi/place", [{"quantity": 1, "tag": None}, {"quantity": 2}])
call(upstox.put, "/v2/order/modify")
call(upstox.delete, "/v2/order/multi/cancel", {"order_id": ["1", "2"], "tag": None})
call(kite.post, "/margins/orders", [{"quantity": 1}])
call(kite.post, "/mf/orders", {"tag": ["a", "b"], "amount": None})
print(json.dumps(sent))
`
  const { code: exit, stdout, stderr } = await python.run(code).ended
  assert.equal(exit, 0, stderr)
  const json = 'application/json'
  assert.deepEqual(
    (JSON.parse(stdout) as [string, string, string | null, string | null][]).map(
      ([method, url, type, body]) => [method, url, type, type === json ? JSON.parse(body!) : body],
    ),
    [
      [
        'POST',
        '/v3/order/gtt/place',
        json,
        { type: 'MULTIPLE', rules: [{ strategy: 'ENTRY' }, { strategy: 'STOPLOSS', price: 9.5 }] },
      ],
      ['POST', '/v2/order/multi/place', json, [{ quantity: 1 }, { quantity: 2 }]],
      ['PUT', '/v2/order/modify', json, {}],
      ['DELETE', '/v2/order/multi/cancel?order_id=1&order_id=2', null, null],
      ['POST', '/margins/orders', json, [{ quantity: 1 }]],
      ['POST', '/mf/orders', 'application/x-www-form-urlencoded', 'tag=a&tag=b'],
    ],
  )
})

/** A program with a ticker; its sandbox has one too. */
const ticking = `
import time, bhor, kiteconnect
plain = bhor.Session.__init__
def with_ticker(self, raw):
    plain(self, raw)
    self.hosts = dict(self.hosts, ticker="ws://127.0.0.1:1")
bhor.Session.__init__ = with_ticker
ticker = bhor.ticker("demo")
made = kiteconnect.KiteTicker.made
`

test('the ticker is built anew with each session, keeps what was subscribed, and tells a sandbox that it has none', async () => {
  await using python = await openPythonBed()
  const { world } = python.bed
  await world.logIn('demo')
  const none = await python.run('import bhor\nbhor.ticker("demo").connect()\n', {
    installed: 'official clients',
  }).ended
  assert.equal(none.code, 1)
  assert.match(none.stderr, /demo is a sandbox account, which has no ticker/)
  const code = `${ticking}ticker.on_connect = lambda ws, response: ws.subscribe([1])
ticker.on_close = lambda *args: print("closed", flush=True)
ticker.connect()
ticker.subscribe([2]); ticker.set_mode("ltp", [2])
print("one", len(made), flush=True)
while len(made) < 2 or len(made[1].subscribed_tokens) < 2:
    time.sleep(0.01)
print(made[0].is_closed, made[1].subscribed_tokens, made[0].socket_url != made[1].socket_url, made[1].socket_url[:24], flush=True)
`
  await using running = python.run(code, { installed: 'official clients' })
  await running.says(/one 1/)
  await world.logIn('demo')
  const { code: exit, stdout } = await running.ended
  assert.deepEqual([exit, stdout], [0, "one 1\nTrue {1: 'quote', 2: 'ltp'} True ws://127.0.0.1:1?api_key\n"])
})

test('a session that the ticker cannot have yet is told to it, and it is built anew once trading goes on', async () => {
  await using python = await openPythonBed()
  const { world } = python.bed
  await world.logIn('demo')
  const code = `${ticking}
def on_error(ws, code, reason):
    print("waits", code, ws is made[0], flush=True)
    raise ValueError("a fault of the listener")
ticker.on_error = on_error
ticker.connect()
print("one", flush=True)
while len(made) < 2:
    time.sleep(0.01)
print("two", made[0].is_closed, bhor.session("demo").access_token in made[1].socket_url, flush=True)
`
  await using running = python.run(code, { installed: 'official clients' })
  await running.says(/one/)
  const { gates } = world.app.desk
  await gates.setHouse(world.app.operator, { state: 'closed' })
  await world.logIn('demo')
  await running.says(/waits \w+ True/)
  await gates.setHouse(world.app.operator, { state: 'open' })
  const { code: exit, stdout, stderr } = await running.ended
  assert.equal(exit, 0, stderr)
  assert.match(stdout, /^one\n(waits gate_closed True\n)+two True True\n$/)
})

test('connect() of a ticker, again and again: it listens and follows once, and close() takes its listeners away', async () => {
  await using python = await openPythonBed()
  const { world } = python.bed
  const code = `import threading
${ticking}
desk, followed = ticker._desk, []
follow = desk._follow
desk._follow = lambda *patience: (followed.append(1), follow(*patience))[1]
for attempt in (1, 2, 3):
    try:
        ticker.connect()
    except bhor.LoginNeeded:
        print("none", len(followed), len(desk._listeners), flush=True)
bhor.wait("demo")
ticker.connect()
ticker.connect()
followers = [thread for thread in threading.enumerate() if thread.name == "bhor ticker"]
print("one", len(made), len(desk._listeners), len(followers), flush=True)
ticker.close()
print("closed", len(desk._listeners), flush=True)
`
  await using running = python.run(code, { installed: 'official clients' })
  await running.says(/(none.*\n){3}/)
  await world.logIn('demo')
  const { code: exit, stdout, stderr } = await running.ended
  assert.equal(exit, 0, stderr)
  assert.equal(stdout, 'none 1 3\nnone 2 3\nnone 3 3\none 1 3 1\nclosed 0\n')
})

test('a ticker that fails as it connects is built anew, and what was subscribed is kept over it', async () => {
  await using python = await openPythonBed()
  const { world } = python.bed
  await world.logIn('demo')
  const code = `${ticking}
faults = [OSError("no reactor")]
connects = kiteconnect.KiteTicker.connect
def connect(self, threaded=False):
    if faults:
        raise faults.pop()
    connects(self, threaded)
kiteconnect.KiteTicker.connect = connect
ticker.on_error = lambda ws, code, reason: print("waits", reason, flush=True)
try:
    ticker.connect()
except OSError as error:
    print("failed", error, flush=True)
ticker.connect()
ticker.subscribe([1, 2]); ticker.set_mode("ltp", [2])
faults.append(OSError("no reactor"))
print("one", len(made), flush=True)
while len(made) < 4 or len(made[3].subscribed_tokens) < 2:
    time.sleep(0.01)
print(made[3].subscribed_tokens, [one.is_closed for one in made], flush=True)
del made[3].subscribed_tokens[1]
# As after a cut.
made[3].connect()
print(made[3].subscribed_tokens, flush=True)
`
  await using running = python.run(code, { installed: 'official clients' })
  await running.says(/one/)
  await world.logIn('demo')
  const { code: exit, stdout, stderr } = await running.ended
  assert.equal(exit, 0, stderr)
  assert.equal(
    stdout,
    [
      'failed no reactor',
      'one 2',
      'waits no reactor',
      "{1: 'quote', 2: 'ltp'} [True, True, True, False]",
      "{2: 'ltp'}",
      '',
    ].join('\n'),
  )
})

test('after days without a desk, of which the feed tells nothing any more, the ticker is built anew', async () => {
  await using python = await openPythonBed()
  const { bed } = python
  const { world } = bed
  await world.logIn('demo')
  const code = `${ticking}
bhor.on("reset", lambda data: print("reset", data["reason"], flush=True))
ticker.connect()
print("one", flush=True)
while len(made) < 2:
    time.sleep(0.01)
print("two", flush=True)
`
  await using running = python.run(code, { installed: 'official clients' })
  await running.says(/one/)
  await bed.stop()
  await world.logIn('demo')
  world.clock.set('2036-12-02T23:30:00Z')
  await world.logIn('demo')
  await bed.startAgain()
  const { code: exit, stdout, stderr } = await running.ended
  assert.equal(exit, 0, stderr)
  assert.equal(stdout, 'one\nreset too_old\ntwo\n')
})

test('wait: until live, and with the gate until it may trade; TimeoutError; on() tells what happens', async () => {
  await using python = await openPythonBed()
  const { world } = python.bed
  const code = `
import bhor
try:
    bhor.wait("demo", timeout=0)
except TimeoutError as error:
    print("late:", error, flush=True)
bhor.on("session.started", lambda data: print("started", data["generation"], flush=True))
print("waits", flush=True)
view = bhor.wait("demo", timeout=60)
print(view["status"], bhor.gate("demo")["state"], repr(bhor.session("demo")), flush=True)
`
  await using running = python.run(code)
  await running.says(/waits/)
  await world.logIn('demo')
  const { code: exit, stdout, stderr } = await running.ended
  assert.equal(exit, 0, stderr)
  assert.match(stdout, /^late: demo is not ready\. No session yet\./)
  assert.match(stdout, /started 1/)
  assert.match(stdout, /expiring (open|closed) <Session demo, generation 1, until 2036-11-24T00:30:00/)
})

test('a desk that is started again is waited for, and no old session is used meanwhile', async () => {
  await using python = await openPythonBed()
  const { bed } = python
  await bed.world.logIn('demo')
  const code = `
import time, bhor
while True:
    print(bhor.session("demo").generation, flush=True)
    time.sleep(0.02)
`
  await using running = python.run(code)
  await running.says(/1\n1\n1\n/)
  await bed.stop()
  await bed.world.logIn('demo')
  await bed.startAgain()
  await running.says(/2\n2\n/)
  assert.doesNotMatch(running.stdout, /2\n1\n/)
})

test('the key goes to no server that does not prove itself, and over no open network', async () => {
  await using python = await openPythonBed()
  const key = `bhor_${'k'.repeat(43)}`
  const ask = 'import bhor\nbhor.session("demo")\n'
  const port = await freePort()
  await using impostor = await startImpostor({
    port,
    hosts: ['127.0.0.1'],
    json: `{"proof":"${'0'.repeat(64)}"}`,
  })
  const url = `http://127.0.0.1:${port}`
  const ended = await python.run(ask, { over: 'key', env: { BHOR_URL: url, BHOR_KEY: key } }).ended
  assert.equal(ended.code, 1)
  assert.match(ended.stderr, /did not prove that it knows this key, so the key was not sent/)
  assert.ok(impostor.heard().length > 0 && !impostor.heard().join().toLowerCase().includes('authorization'))
  for (const [address, said] of [
    ['http://192.0.2.1:7878', /over the network unprotected/],
    ['http://localhost:7878', /over the network unprotected/],
    ['http://me@127.0.0.1:7878', /over the network unprotected|must be only/],
    ['http://127.0.0.1:7878/x', /must be only/],
    ['http://127.0.0.1:7878/#x', /must be only/],
    ['http://127.0.0.1:78780', /must be only/],
    ['http://127.0.0.1:port', /must be only/],
    ['http://[::1', /must be only/],
    ['https://dësk', /must be only/],
    ['desk', /must be only/],
  ] as const) {
    const refused = await python.run(ask, { over: 'key', env: { BHOR_URL: address, BHOR_KEY: key } }).ended
    assert.match(refused.stderr, /^bhor\.BhorError: /m, address)
    assert.match(refused.stderr, said, address)
  }
  const heard = impostor.heard().length
  for (const odd of [`${key}\n`, ` ${key}`, `${key}k`, '']) {
    const refused = await python.run(ask, { over: 'key', env: { BHOR_URL: url, BHOR_KEY: odd } }).ended
    assert.match(refused.stderr, /BHOR_KEY holds no client key/)
  }
  assert.equal(impostor.heard().length, heard)
  assert.deepEqual(python.folder.connects().away, [])
})

test('a socket is asked only where nobody else could have put it: each folder and each link on its way is judged', async (t) => {
  await using python = await openPythonBed()
  const { bed, folder } = python
  await bed.world.logIn('demo')
  const asked = (home: string) =>
    python.run(
      `
import bhor
try:
    print("handed out", bhor.session("demo").generation)
except bhor.BhorError as error:
    print(error.code, error)
`,
      { env: { BHOR_HOME: home } },
    ).ended
  const shared = join(folder.path, 'shared')
  mkdirSync(shared, { mode: 0o700 })
  const link = join(shared, 'link')
  const relative = join(shared, 'relative')
  symlinkSync(bed.world.home, link)
  symlinkSync('link', relative)
  for (const home of [bed.world.home, link, relative])
    assert.equal((await asked(home)).stdout, 'handed out 1\n', home)
  for (const home of [link, relative]) {
    chmodSync(shared, 0o777)
    assert.match((await asked(home)).stdout, /^permissions_too_wide Others can write to .*\/shared, /)
    chmodSync(shared, 0o700)
  }
  // The way that the link names is judged, not only where the link stands.
  const open = join(folder.path, 'open')
  mkdirSync(open)
  chmodSync(open, 0o777)
  symlinkSync(bed.world.home, join(open, 'home'))
  rmSync(link)
  symlinkSync(join(open, 'home'), link)
  assert.match((await asked(relative)).stdout, /^permissions_too_wide Others can write to .*\/open, /)
  if (!canBeAnother(t)) return
  chmodSync(open, 0o700)
  renameSync(link, join(shared, 'whole'))
  assert.equal((await asked(join(shared, 'whole'))).stdout, 'handed out 1\n')
  lchownSync(join(shared, 'whole'), otherUser, otherUser)
  assert.match(
    (await asked(join(shared, 'whole'))).stdout,
    /^permissions_too_wide .*\/whole, or it is theirs/,
  )
})

test('a session that lasts long enough is given from memory, and one that does not is asked for', async () => {
  await using python = await openPythonBed()
  const { bed } = python
  await bed.world.logIn('demo')
  const code = `
import bhor, datetime
now = datetime.datetime(2036, 11, 24, 0, 0, tzinfo=datetime.timezone.utc)
bhor._now = lambda: now
for min_life in (None, "20m", "90s", None, "29m"):
    print(bhor.session("demo", min_life=min_life).generation)
for min_life in ("2h", "25h", "20", 20, "20m\\n"):
    try:
        bhor.session("demo", min_life=min_life)
    except bhor.BhorError as error:
        print(error.code)
`
  const { code: exit, stdout, stderr } = await python.run(code).ended
  assert.equal(exit, 0, stderr)
  const refused = ['session_short', ...Array<string>(4).fill('bad_field')]
  assert.deepEqual(stdout.trim().split('\n'), [...Array<string>(5).fill('1'), ...refused])
  assert.equal(await handOuts(bed), 1)
})

test('BHOR_HOME and BHOR_URL are read as people write them', async () => {
  await using python = await openPythonBed()
  const { bed, folder } = python
  await bed.world.logIn('demo')
  symlinkSync(bed.world.home, join(folder.path, 'b'))
  const ask = 'import bhor\nprint(bhor.session("demo").generation)\n'
  for (const options of [
    { env: { BHOR_HOME: '~/b' } },
    { env: { BHOR_HOME: 'b' } },
    { over: 'key', env: { BHOR_URL: ` ${bed.origin} \n` } },
  ] as const) {
    const { stdout, stderr } = await python.run(ask, options).ended
    assert.equal(stdout, '1\n', stderr)
  }
  const { stderr } = await python.run(ask, { env: { BHOR_HOME: '~papa/b' } }).ended
  assert.match(stderr, /^bhor\.BhorError: BHOR_HOME begins with the folder of another user/m)
})
