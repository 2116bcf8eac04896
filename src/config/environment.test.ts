import assert from 'node:assert/strict'
import { test } from 'node:test'
import { environmentWarnings, hasBrowser, refuseUnsafeEnvironment } from './environment.ts'

const user = 1000

test('what would open the process or the connections to others is refused by name, its value not repeated', () => {
  const rows: readonly (readonly [Record<string, string>, readonly string[], string])[] = [
    [{ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, [], 'NODE_TLS_REJECT_UNAUTHORIZED'],
    ...[
      '--inspect',
      '--inspect-brk=0.0.0.0:9229',
      '--max-old-space-size=100 --inspect',
      '--insecure-http-parser',
      '--require /tmp/canary.js',
      '-r /tmp/canary.js',
      '--import=data:text/javascript,canary',
      '--loader x',
      '--experimental-loader x',
      '--tls-min-v1.0',
      '--tls-keylog=/tmp/canary',
      '--heapsnapshot-signal=SIGUSR2',
      '--heap-prof',
      '--cpu-prof',
      '--report-on-signal',
      '--trace-tls',
      // As Node reads it: quotes anywhere, escapes in them, `_` for `-`.
      '"--require" /tmp/canary.cjs',
      '--re"quire" /tmp/canary.cjs',
      '"--require=/tmp/can ary.cjs"',
      '"\\--require" /tmp/canary.cjs',
      '--max-old-space-size=100 "-r" /tmp/canary.cjs',
      '--experimental_loader x',
      '--env-file=/tmp/canary',
      '--vfs-mount=/tmp/canary',
      '--experimental-config-file=/tmp/canary',
      '--inspect_brk',
      '--expose-internals',
      '--abort-on-uncaught-exception',
    ].map((value) => [{ NODE_OPTIONS: value }, [], 'NODE_OPTIONS'] as const),
    [{ NODE_DEBUG: 'http' }, [], 'NODE_DEBUG'],
    [{ NODE_DEBUG_NATIVE: 'http' }, [], 'NODE_DEBUG_NATIVE'],
    [{}, ['-r', '/tmp/canary.cjs'], 'A command-line option of Node'],
    [{}, ['--env-file=/tmp/canary'], 'A command-line option of Node'],
    [{}, ['--inspect=9230'], 'A command-line option of Node'],
    [{}, ['--insecure-http-parser'], 'A command-line option of Node'],
  ]
  for (const [env, nodeArguments, name] of rows) {
    assert.throws(
      () => refuseUnsafeEnvironment(env, nodeArguments),
      (error: { code?: string; message?: string }) =>
        error.code === 'environment_refused' &&
        error.message!.startsWith(name) &&
        !error.message!.includes('canary'),
      JSON.stringify(env),
    )
  }
})

test('what does no harm passes', () => {
  for (const env of [
    {},
    { NODE_OPTIONS: '--max-old-space-size=256 --disable-warning=ExperimentalWarning' },
    { NODE_OPTIONS: '"--max_old_space_size=256" --no-warnings --disable-warning "Experimental --import"' },
    { NODE_OPTIONS: '--title=--require --dns-result-order ipv4first --use-system-ca' },
    { NODE_OPTIONS: '--openssl-legacy-provider --enable-source-maps' },
    { NODE_TLS_REJECT_UNAUTHORIZED: '1' },
    { NODE_DEBUG: '' },
    { NODE_EXTRA_CA_CERTS: '/x' },
  ])
    refuseUnsafeEnvironment(env, ['--disable-warning=ExperimentalWarning'])
})

test('what is ignored or unwise is said, one sentence each, without values', () => {
  assert.deepEqual(environmentWarnings({}, user), [])
  const proxied = environmentWarnings({ https_proxy: 'http://me:canary@proxy' }, user)
  assert.match(proxied.join(), /^https_proxy is set, but bhor ignores it/)
  assert.match(environmentWarnings({ HTTPS_PROXY: 'x' }, user).join(), /HTTPS_PROXY/)
  assert.match(environmentWarnings({ ALL_PROXY: 'x' }, user).join(), /ALL_PROXY/)
  assert.deepEqual(environmentWarnings({ HTTPS_PROXY: '', NO_PROXY: 'x' }, user), [])
  assert.match(environmentWarnings({}, 0).join(), /runs as root/)
  assert.match(
    environmentWarnings({ BHOR_MASTER_KEY: 'canary' }, user).join(),
    /child processes and \/proc can see it/,
  )
  assert.match(environmentWarnings({ TZ: 'Mars/Olympus' }, user).join(), /TZ names no time zone/)
  assert.deepEqual(environmentWarnings({ TZ: 'America/New_York' }, user), [])
  const all = environmentWarnings({ https_proxy: 'canary', BHOR_MASTER_KEY: 'canary', TZ: 'canary' }, 0)
  assert.equal(all.length, 4)
  assert.ok(!all.join().includes('canary'))
})

test('a browser shows up where there is a screen, and not for who came over the network', () => {
  const rows: readonly (readonly [Record<string, string>, string, boolean])[] = [
    [{}, 'linux', false],
    [{ DISPLAY: ':0' }, 'linux', true],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', true],
    [{ DISPLAY: '', SSH_TTY: '/dev/pts/1' }, 'linux', false],
    [{}, 'darwin', true],
    [{ SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' }, 'darwin', false],
    [{}, 'win32', true],
  ]
  for (const [env, platform, expected] of rows)
    assert.equal(hasBrowser(env, platform), expected, JSON.stringify([env, platform]))
})
