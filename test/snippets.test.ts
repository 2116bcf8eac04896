import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { snippets } from '../dashboard/src/programs/snippets.ts'
import { commandLine } from './support/at-the-terminal.ts'
import { type CommandBed, openCommandBed } from './support/command-bed.ts'
import { startProgram, type UserFolder, userFolder } from './support/python.ts'

interface Bed extends AsyncDisposable {
  readonly bed: CommandBed
  readonly folder: UserFolder
  readonly env: NodeJS.ProcessEnv
  /** Who is logged in, by account. */
  readonly names: Readonly<Record<string, string>>
  run(
    file: string,
    code: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<{ code: number; stdout: string; stderr: string }>
}

const interpreters: Readonly<Record<string, string>> = { py: 'python3', mjs: process.execPath, sh: 'sh' }

/** A desk with a live account at each broker, and a user who has `bhor`, a key and the official clients. */
async function openBed(): Promise<Bed> {
  await using opening = new AsyncDisposableStack()
  const bed = opening.use(await openCommandBed())
  const folder = opening.use(userFolder())
  const { world } = bed
  const names: Record<string, string> = {}
  for (const [account, broker] of [
    ['personal', 'kite'],
    ['papa', 'upstox'],
  ] as const) {
    await world.addAccount({ account, broker })
    names[account] = (await world.logIn(account)).session!.userName
  }
  const { key } = await world.app.desk.keys.add(world.app.operator, {
    name: 'snippets',
    scopes: ['status', 'read-token'],
  })
  const bin = join(folder.path, 'bin')
  mkdirSync(bin)
  const script = (name: string, text: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(bin, name), 0o700)
  }
  // bhor refuses to run with code that was loaded before it.
  script('bhor', `unset NODE_OPTIONS; exec ${commandLine} "$@"`)
  // curl cannot be watched from inside: what it is asked for is looked at in front of it.
  script(
    'curl',
    `for word; do case $word in http*) case $word in http://127.0.0.1:*) w=here;; *) w=away;; esac
    echo "$w $word" >> "$TEST_CONNECTS"; [ $w = here ] || exit 97;; esac; done; exec ${realCurl()} --noproxy '*' "$@"`,
  )
  const env = folder.environment({
    PATH: `${bin}:${process.env.PATH}`,
    BHOR_URL: bed.origin,
    BHOR_KEY: key.reveal(),
    ...(bed.env.NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE: bed.env.NODE_COMPILE_CACHE }),
  })
  const parts = opening.move()
  return {
    bed,
    folder,
    env,
    names,
    run(file, code, more = {}) {
      writeFileSync(join(folder.path, file), code)
      const command = [interpreters[file.split('.').at(-1)!]!, file]
      return startProgram(command, { ...env, ...more }, { cwd: folder.path }).ended
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

function realCurl(): string {
  return String(spawnSync('sh', ['-c', 'command -v curl']).stdout).trim()
}

/** The programs of a page of docs/, by name. */
function programsOf(page: string): Map<string, string> {
  const text = readFileSync(`docs/${page}.md`, 'utf8')
  return new Map(
    [...text.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, name, code]) => [name!, code!]),
  )
}

async function viewOf({ world }: CommandBed, id: string) {
  const all = await world.app.desk.accounts.brokers(world.app.operator, world.app.brokerIds)
  return all.find((broker) => broker.id === id)
}

const files = { curl: 'page.sh', Python: 'page.py', Node: 'page.mjs', Shell: 'page.sh' }

test('every snippet of the page works in the sandbox, and nothing leaves this computer', async () => {
  await using at = await openBed()
  writeFileSync(join(at.folder.path, 'strategy.py'), 'import os; print("runs", os.environ["BHOR_ACCOUNT"])\n')
  let count = 0
  for (const [account, broker] of [
    ['personal', 'kite'],
    ['papa', 'upstox'],
  ] as const)
    for (const { name, code } of snippets({ origin: at.bed.origin, account }, await viewOf(at.bed, broker))) {
      const file = files[name as keyof typeof files]
      const { code: exit, stdout, stderr } = await at.run(file, code)
      assert.equal(exit, 0, `${broker} ${name}: ${stderr}`)
      assert.match(
        stdout,
        name === 'Shell' ? new RegExp(`runs ${account}`) : new RegExp(at.names[account]!),
        name,
      )
      count++
    }
  assert.equal(count, 8)
  const { here, away } = at.folder.connects()
  assert.deepEqual(away, [])
  assert.ok(here.length >= 6)
})

test('an order goes where the session is from: to the sandbox, by both hosts of Upstox', async () => {
  await using at = await openBed()
  const upstox = await viewOf(at.bed, 'upstox')
  const order = `{"quantity": 1, "product": "D", "validity": "DAY", "price": 1500, "order_type": "LIMIT", "transaction_type": "BUY",
    "instrument_token": "NSE_EQ|INE009A01021", "disclosed_quantity": 0, "trigger_price": 0, "is_amo": False}`
  const python = `
orders = upstox_client.OrderApi(upstox_client.ApiClient(configuration))
print("placed", orders.place_order(${order}, "2.0").data.order_id)
`
  const node = `
const order = { quantity: 1, product: 'D', validity: 'DAY', price: 1500, instrumentToken: 'NSE_EQ|INE009A01021',
  orderType: 'LIMIT', transactionType: 'BUY', disclosedQuantity: 0, triggerPrice: 0, isAmo: false }
new Upstox.OrderApi(client).placeOrder(order, '2.0', (error, placed) => {
  if (error) throw error
  console.log('placed', placed.data.orderId)
})
`
  const all = snippets({ origin: at.bed.origin, account: 'papa' }, upstox)
  const codeOf = (name: string) => all.find((each) => each.name === name)!.code
  for (const [file, code] of [
    ['order.py', codeOf('Python') + python],
    ['order.mjs', codeOf('Node') + node],
  ] as const) {
    const { code: exit, stdout, stderr } = await at.run(file, code)
    assert.equal(exit, 0, stderr)
    assert.match(stdout, /placed \w+/)
  }
  assert.deepEqual(at.folder.connects().away, [])
  // That something leaves is noticed: with one host of two the order goes to the real one.
  const half = await at.run(
    'half.py',
    codeOf('Python').replace(/^configuration\.order_host.*\n/m, '') + python,
  )
  assert.notEqual(half.code, 0)
  const halfNode = await at.run('half.mjs', codeOf('Node').replace(/^client\.orderBasePath.*\n/m, '') + node)
  assert.notEqual(halfNode.code, 0)
  assert.deepEqual([...new Set(at.folder.connects().away)], ['api-hft.upstox.com'])
})

test('the programs of docs/python.md, docs/node.md and docs/curl.md run as they stand there', async () => {
  await using at = await openBed()
  const programs = new Map([...programsOf('python'), ...programsOf('node'), ...programsOf('curl')])
  const { personal, papa } = at.names
  const expected: Record<string, RegExp> = {
    'profile.py': new RegExp(`${personal}\n\\d+\n`),
    'upstox.py': new RegExp(`${papa}\n\\['`),
    'upstox_sdk.py': new RegExp(papa!),
    'kite.mjs': new RegExp(personal!),
    'upstox.mjs': new RegExp(papa!),
    'profile.sh': new RegExp(personal!),
    'feed.sh': /event: session\.started/,
  }
  const installed = at.folder.environment({ ...at.env })
  for (const [file, said] of Object.entries(expected)) {
    // Without the official clients a program of their own is run on the small ones.
    const own = file === 'upstox.py' ? { PYTHONPATH: withoutStand(installed.PYTHONPATH!) } : {}
    const { code, stdout, stderr } = await at.run(file, programs.get(file)!, own)
    assert.ok(code === 0 || file === 'feed.sh', `${file}: ${stderr}`)
    assert.match(stdout, said, file)
    programs.delete(file)
  }
  writeFileSync(join(at.folder.path, 'token.sh'), programs.get('token.sh')!)
  const exec = await startProgram(['bhor', 'exec', 'personal', '--', 'sh', 'token.sh'], at.env, {
    cwd: at.folder.path,
  }).ended
  assert.match(exec.stdout, new RegExp(personal!), exec.stderr)
  programs.delete('token.sh')

  writeFileSync(join(at.folder.path, 'follow.mjs'), programs.get('follow.mjs')!)
  await using following = startProgram([process.execPath, 'follow.mjs'], at.env, { cwd: at.folder.path })
  await following.says(new RegExp(`^1 ${at.names.personal}`, 'm'))
  await at.bed.world.logIn('personal')
  await following.says(new RegExp(`^2 ${at.names.personal}`, 'm'))
  programs.delete('follow.mjs')

  const ticks = await at.run('ticks.py', programs.get('ticks.py')!)
  assert.match(ticks.stderr, /personal is a sandbox account, which has no ticker/)
  programs.delete('ticks.py')
  assert.deepEqual([...programs.keys()], ['bot.py'], 'which test/python.test.ts runs across dawn')
  assert.deepEqual(at.folder.connects().away, [])
})

function withoutStand(path: string): string {
  return path.split(':').slice(0, -1).join(':')
}

test('docs/excel.md: what its query asks, as Power Query asks it, is answered with the holdings', async () => {
  await using at = await openBed()
  const query = programsOf('excel').get('holdings.m')!
  const asked = [
    ...query.matchAll(
      /Web\.Contents\(([\w[\]]+), \[\s*RelativePath = "([^"]+)",\s*Headers = \[(.*?)\]\s*\]\)/gs,
    ),
  ]
  assert.equal(asked.length, 2)
  let session: Record<string, unknown> = {}
  const worth = (text: string): string =>
    text
      .split(' & ')
      .map((part) => {
        if (part.startsWith('"')) return part.slice(1, -1)
        if (part === 'Key') return at.env.BHOR_KEY!
        if (part === 'Desk') return at.bed.origin
        const names = [...part.matchAll(/\[(\w+)\]/g)].map(([, name]) => name!)
        assert.ok(part.startsWith('Session[') && names.length > 0, part)
        return String(
          names.reduce((value, name) => (value as Record<string, unknown>)[name], session as unknown),
        )
      })
      .join('')
  assert.match(query, /Desk = "http:\/\/127\.0\.0\.1:7878"/)
  for (const [at_, [, base, path, headers]] of asked.entries()) {
    const pairs = [...headers!.matchAll(/(?:#"([^"]+)"|(\w+)) = ((?:"[^"]*"|[\w[\]]+)(?: & [\w[\]]+)?)/g)]
    const sent = Object.fromEntries(
      pairs.map(([, quoted, plain, value]) => [quoted ?? plain ?? '', worth(value ?? '')]),
    )
    const answer = await fetch(new URL(path ?? '', `${worth(base ?? '')}/`), {
      headers: {
        'user-agent': 'Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)',
        accept: '*/*',
        ...sent,
      },
    })
    assert.equal(answer.status, 200, String(path))
    const json = (await answer.json()) as Record<string, unknown>
    if (at_ === 0) session = json
    else {
      const columns = /Table\.FromRecords\(Answer\[data\], \{(.*)\}\)/
        .exec(query)![1]!
        .split(', ')
        .map((name) => name.slice(1, -1))
      const [first] = json.data as Record<string, unknown>[]
      for (const column of columns) assert.ok(column in first!, column)
    }
  }
})

test('the program of docs/go.md runs as it stands there', async () => {
  await using at = await openBed()
  writeFileSync(join(at.folder.path, 'main.go'), programsOf('go').get('main.go')!)
  const own = { ...at.env, BHOR_ACCOUNT: 'personal' }
  const built = await startProgram(['go', 'build', '-o', 'bot', 'main.go'], own, { cwd: at.folder.path })
    .ended
  assert.equal(built.code, 0, built.stderr)
  await using bot = startProgram(['./bot'], own, { cwd: at.folder.path })
  await bot.says(new RegExp(`^1 ${at.names.personal}`, 'm'))
  await at.bed.world.logIn('personal')
  await bot.says(new RegExp(`^2 ${at.names.personal}`, 'm'))
})
