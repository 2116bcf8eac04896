import { z } from 'zod'
import type * as api from '../contracts/api.ts'
import { loginKinds, scopes, sessionStatuses } from '../contracts/api.ts'
import { type ErrorCode, errorTable } from '../core/errors.ts'

/** The wire types by name. Each has a schema: bodies are checked by it, `/openapi.json` is made from it. */
export interface Wire {
  AddAccount: api.AddAccount
  EditAccount: api.EditAccount
  LoginStart: api.LoginStart
  LoginComplete: api.LoginComplete
  LoginAnswers: api.LoginAnswers
  AddKey: api.AddKey
  SignIn: api.SignIn
  AccountView: api.AccountView
  HandOut: api.HandOut
  LoginStarted: api.LoginStarted
  LoginView: api.LoginView
  TestResult: api.TestResult
  KeyView: api.KeyView
  KeyAdded: api.KeyAdded
  AuditView: api.AuditView
  AuditCheck: api.AuditCheck
  BrokerView: api.BrokerView
  DoctorFinding: api.DoctorFinding
  ConfigOption: api.ConfigOption
  Link: api.Link
  SignedIn: api.SignedIn
  Me: api.Me
  Version: api.Version
  Problem: api.Problem
}
export type SchemaName = keyof Wire
export type NameOf<T> = { [Name in SchemaName]: Same<T, Wire[Name]> extends true ? Name : never }[SchemaName]

/** The very same type, not only one that fits. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

const text = z.string()
const time = z.iso.datetime()
const texts = z.record(text, text)
const code = z.enum(Object.keys(errorTable) as ErrorCode[])
/** Which account an answer is about. */
const about = { account: text, broker: text, kind: z.enum(['live', 'sandbox', 'broker-sandbox']) }
const settings = z.strictObject({
  group: text.exactOptional(),
  egress: z.strictObject({ from: text }).exactOptional(),
})
const prompt = z.object({
  name: text,
  label: text,
  kind: z.enum(['pin', 'password', 'totp', 'otp', 'text']),
  secret: z.boolean(),
})
const field = z.object({ name: text, label: text, secret: z.boolean(), help: text, optional: z.boolean() })
const snippet = z.object({ install: text, imports: text, use: text })
const loginKind = z.enum(loginKinds)
const loginStatus = z.enum(['open', 'used', 'done', 'failed', 'cancelled', 'expired'])
const facts = z.record(text, z.union([z.string(), z.number(), z.boolean()]))

const addAccount = z.strictObject({
  account: text.describe('The name: 1 to 40 of a-z, 0-9, "-", "_".'),
  label: text.exactOptional(),
  broker: text,
  kind: z.enum(['live', 'sandbox', 'broker-sandbox']).exactOptional(),
  app: texts.exactOptional(),
  fields: texts.exactOptional(),
  settings: settings.exactOptional(),
  apiKey: text.exactOptional(),
  apiSecret: text.exactOptional(),
  userId: text.exactOptional(),
  redirectUrl: text.exactOptional(),
  postbackUrl: text.exactOptional(),
  phoneNumber: text.exactOptional(),
  password: text.exactOptional(),
})
const { broker: _broker, kind: _kind, account, ...optional } = addAccount.shape
const editAccount = z.strictObject({ account: account.exactOptional(), ...optional })
const session = z.object({
  id: text,
  generation: z.int(),
  userId: text,
  userName: text,
  userShortname: text,
  email: text,
  userType: text,
  broker: text,
  exchanges: z.array(text),
  products: z.array(text),
  orderTypes: z.array(text),
  startedBy: z.enum(['login', 'renewal', 'import', 'approval']),
  loginTime: time,
  expiresAt: time,
  expiresInMs: z.number(),
  ttlHours: z.number(),
  tokenKinds: z.array(text),
  endedAt: time.nullable(),
  endReason: z.enum(['replaced', 'expired', 'revoked', 'logged_out']).nullable(),
})
const key = z.object({
  id: text,
  name: text,
  scopes: z.array(z.enum(scopes)),
  accounts: z.array(text).nullable(),
  createdAt: time,
  expiresAt: time.nullable(),
  revokedAt: time.nullable(),
})

export const schemas = {
  AddAccount: addAccount,
  EditAccount: editAccount,
  LoginStart: z.strictObject({
    via: z.enum(['desk', 'cli', 'api']).exactOptional(),
    method: text.exactOptional(),
  }),
  LoginComplete: z.strictObject({ address: text }),
  LoginAnswers: z.strictObject({ answers: texts }),
  AddKey: z.strictObject({
    name: text,
    scopes: z.array(z.enum(scopes)),
    accounts: z.array(text).exactOptional(),
    expiresInDays: z.number().exactOptional(),
  }),
  SignIn: z.strictObject({ token: text }),
  AccountView: z.object({
    ...about,
    id: text,
    label: text,
    brokerName: text,
    app: texts,
    fields: texts,
    secrets: z.array(text),
    settings,
    apiKey: text,
    hasSecret: z.boolean(),
    userId: text.nullable(),
    redirectUrl: text,
    postbackUrl: text.nullable(),
    hasPassword: z.boolean(),
    hasPhoneNumber: z.boolean(),
    status: z.enum(sessionStatuses),
    statusText: text,
    generation: z.int(),
    session: session.nullable(),
    login: z.object({ id: text, expiresAt: time }).nullable(),
    lastLoginAt: time.nullable(),
    lastProbe: z
      .object({ at: time, verdict: z.enum(['valid', 'invalid', 'unknown']), code: text })
      .nullable(),
    lastFault: z.object({ at: time, code: text, detail: text }).nullable(),
    createdAt: time,
    updatedAt: time,
  }),
  HandOut: z.object({
    ...about,
    generation: z.int(),
    tokenKind: text,
    accessToken: text,
    apiKey: text,
    userId: text,
    baseUrl: text,
    hosts: texts,
    headers: texts,
    issuedAt: time,
    expiresAt: time,
  }),
  LoginStarted: z.object({
    ...about,
    login: text,
    method: loginKind,
    status: loginStatus,
    url: text.nullable(),
    asks: z.array(prompt),
    redirectUrl: text,
    expiresAt: time,
  }),
  LoginView: z.object({
    ...about,
    login: text,
    status: loginStatus,
    asks: z.array(prompt),
    expiresAt: time,
    outcome: code.nullable(),
    outcomeText: text.nullable(),
    generation: z.int(),
  }),
  TestResult: z.object({
    ...about,
    generation: z.int(),
    verdict: z.enum(['valid', 'invalid', 'unknown']),
    code: z.union([code, z.literal('ok')]),
    text,
    hint: text.nullable(),
    profile: z.object({ userId: text, userName: text, email: text }).nullable(),
    tookMs: z.number(),
  }),
  KeyView: key,
  KeyAdded: key.extend({ key: text }),
  AuditView: z.object({
    seq: z.int(),
    at: time,
    actor: text,
    action: text,
    account: text.nullable(),
    result: z.enum(['ok', 'refused', 'failed']),
    code: text.nullable(),
    detail: facts,
  }),
  AuditCheck: z.union([
    z.object({ intact: z.literal(true), records: z.int() }),
    z.object({ intact: z.literal(false), seq: z.int(), fault: text, text, records: z.int() }),
  ]),
  BrokerView: z.object({
    id: text,
    name: text,
    console: z.object({ url: text, registerHint: text }),
    userId: z.object({ label: text, help: text, field: text.nullable() }),
    app: z.array(field),
    account: z.array(field),
    kept: z.array(field),
    logins: z.array(z.object({ kind: loginKind, asks: z.array(prompt) })),
    redirectUrl: text,
    links: z.array(
      z.object({ kind: z.enum(['login', 'console', 'docs', 'forum', 'status']), label: text, url: text }),
    ),
    snippets: z.object({ python: snippet.exactOptional(), node: snippet.exactOptional() }),
    headerFormat: text.nullable(),
    probePath: text.nullable(),
  }),
  DoctorFinding: z.object({
    check: text,
    ok: z.boolean(),
    text,
    hint: text.nullable(),
  }),
  ConfigOption: z.object({
    name: text,
    env: text,
    value: text,
    source: z.enum(['flag', 'environment', 'file', 'default']),
    help: text,
  }),
  Link: z.object({ url: text, expiresAt: time }),
  SignedIn: z.object({ csrf: text, expiresAt: time }),
  Me: z.object({ signedIn: z.literal(true), expiresAt: time.nullable(), url: text }),
  Version: z.object({ version: z.number() }),
  Problem: z.object({
    type: text,
    title: text,
    status: z.int(),
    code,
    detail: text,
    hint: text,
    requestId: text,
    facts: facts.exactOptional(),
  }),
} as const satisfies Record<SchemaName, z.ZodType>

type Disagreeing = {
  [Name in SchemaName]: Same<z.infer<(typeof schemas)[Name]>, Wire[Name]> extends true ? never : Name
}[SchemaName]
/** Compiles only while every schema says exactly what its type says; the error names the one that does not. */
export const isTrueToWire: [Disagreeing] extends [never] ? true : Disagreeing = true
