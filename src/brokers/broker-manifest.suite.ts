import assert from 'node:assert/strict'
import type { Broker, ExpiryRule, FieldSpec } from '../contracts/broker.ts'
import type { Check } from './broker.suite.ts'

/** What is true of every manifest, whatever the broker. */
export function manifestChecks(broker: Broker): readonly Check[] {
  const fields: Readonly<Record<string, FieldSpec>> = {
    ...broker.app,
    ...broker.account,
    userId: broker.userId,
  }
  const patterns = [...Object.entries(fields), ...Object.entries(broker.tokens)]
  return [
    {
      name: 'is named so that the id fits a folder, a URL and a command line',
      run() {
        assert.match(broker.id, /^[a-z][a-z0-9]{1,19}$/)
        assert.notEqual(broker.name.trim(), '')
        assert.equal(new URL(broker.console.url).protocol, 'https:')
        assert.notEqual(broker.console.registerHint, '')
        assert.equal(Temporal.PlainDate.from(broker.verifiedOn).toString(), broker.verifiedOn)
      },
    },
    {
      name: 'talks to https origins only',
      run() {
        assert.ok(Object.keys(broker.hosts).length > 0)
        assert.ok(!('session' in broker.hosts), 'the role session belongs to the base URL of a session')
        for (const origin of Object.values(broker.hosts)) {
          assert.equal(new URL(origin).origin, origin)
          assert.equal(new URL(origin).protocol, 'https:')
        }
      },
    },
    {
      name: 'anchors every pattern',
      run() {
        for (const [name, { pattern }] of patterns) {
          const isWhole = /^\^.*\$$/s.test(pattern.source) && !hasOpenAlternative(pattern.source)
          assert.ok(isWhole, `${name}: ${pattern.source}`)
          assert.doesNotMatch(pattern.flags, /[gmy]/, name)
        }
      },
    },
    {
      name: 'lets no token through that could break out of a header',
      run() {
        for (const [kind, { pattern }] of Object.entries(broker.tokens)) {
          for (const evil of [
            '',
            ' ',
            'a b',
            'abcdefgh\n',
            'abcdefgh\r\nx: y',
            'abc\u0000defgh',
            'abcdéfgh',
            '<html>',
          ]) {
            assert.doesNotMatch(evil, pattern, `${kind}: ${JSON.stringify(evil)}`)
          }
        }
      },
    },
    {
      name: 'explains every field, and treats as secret what is one',
      run() {
        assert.ok(broker.app.apiKey)
        for (const [name, spec] of Object.entries(fields)) {
          assert.notEqual(spec.label, '', name)
          assert.notEqual(spec.help, '', name)
          if (/secret|password|pin|totp|token/i.test(name)) assert.ok(spec.secret, name)
        }
      },
    },
    {
      name: 'can log in, and has an access token that can order',
      run() {
        assert.ok(broker.logins.length > 0)
        assert.ok(broker.tokens.access?.canOrder)
        assert.ok(!broker.tokens.access.internal)
        for (const spec of Object.values(broker.tokens)) assert.ok(!(spec.internal && spec.canOrder))
      },
    },
    {
      name: 'ends its sessions by a rule that holds together',
      run() {
        for (const rule of [
          broker.expiry,
          ...Object.values(broker.tokens).flatMap((spec) => spec.expiry ?? []),
        ]) {
          checkRule(broker, rule)
        }
        if (broker.renewal)
          assert.ok(broker.tokens[broker.renewal.needs]?.internal, 'the renewal’s token is internal')
      },
    },
    {
      name: 'names its order routes by method and plain path, each once',
      run() {
        assert.ok(broker.orders.length > 0)
        assert.equal(new Set(broker.orders).size, broker.orders.length)
        for (const route of broker.orders)
          assert.match(route, /^(GET|POST|PUT|DELETE) (\/(\*|[A-Za-z0-9._-]+))+$/)
      },
    },
    {
      name: 'states limits that a scheduler can use',
      run() {
        for (const [name, limit] of Object.entries(broker.limits))
          assert.ok(limit > 0 && Number.isFinite(limit), name)
      },
    },
  ]
}

/** `^a|b$` begins and ends like an anchored pattern and is none. */
function hasOpenAlternative(source: string): boolean {
  let depth = 0
  for (const [char] of source.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/g, '').matchAll(/[()|]/g)) {
    if (char === '|' && depth === 0) return true
    depth += char === '(' ? 1 : char === ')' ? -1 : 0
  }
  return false
}

function checkRule(broker: Broker, rule: ExpiryRule): void {
  if (rule.kind === 'daily_at') assert.match(rule.time, /^([01]\d|2[0-3]):[0-5]\d$/)
  if (rule.kind === 'after') assert.ok(rule.ms > 0 && Number.isSafeInteger(rule.ms))
  if (rule.kind === 'jwt_exp') assert.ok(broker.tokens[rule.token], `the token ${rule.token}`)
  if (rule.kind === 'earliest') {
    assert.ok(rule.of.length > 0)
    for (const part of rule.of) checkRule(broker, part)
  }
}
