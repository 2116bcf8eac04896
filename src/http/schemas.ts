import { z } from 'zod'
import type * as api from '../contracts/api.ts'
import { scopes, sessionStatuses } from '../contracts/api.ts'
import { accountKinds, sessionStarts } from '../contracts/store.ts'

/** The wire types as schemas: bodies are checked by them, `/openapi.json` is made from them. */
const text = z.string()
const time = z.iso.datetime()
const kind = z.enum(['live', 'sandbox'])
const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

const addAccount = z.strictObject({
  account: text.describe('The name: 1 to 40 of a-z, 0-9, "-", "_".'),
  label: text.optional(),
  broker: text,
  kind: kind.optional(),
  apiKey: text.optional(),
  apiSecret: text.optional(),
  userId: text.optional(),
  redirectUrl: text.optional(),
  postbackUrl: text.optional(),
  phoneNumber: text.optional(),
  password: text.optional(),
})
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
  startedBy: z.enum(sessionStarts),
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

export const bodies = {
  AddAccount: addAccount,
  EditAccount: addAccount.omit({ broker: true, kind: true }).partial(),
  LoginStart: z.strictObject({ via: z.enum(['desk', 'cli', 'api']).optional() }),
  LoginComplete: z.strictObject({ address: text }),
  AddKey: z.strictObject({
    name: text,
    scopes: z.array(z.enum(scopes)),
    accounts: z.array(text).optional(),
    expiresInDays: z.number().optional(),
  }),
  SignIn: z.strictObject({ token: text }),
  Nothing: z.strictObject({}),
} as const

export const answers = {
  AccountView: z.object({
    id: text,
    account: text,
    label: text,
    broker: text,
    brokerName: text,
    kind: z.enum(accountKinds),
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
  }) satisfies z.ZodType<api.AccountView>,
  HandOut: z.object({
    account: text,
    broker: text,
    generation: z.int(),
    tokenKind: text,
    accessToken: text,
    apiKey: text,
    userId: text,
    baseUrl: text,
    hosts: z.record(text, text),
    headers: z.record(text, text),
    issuedAt: time,
    expiresAt: time,
  }) satisfies z.ZodType<api.HandOut>,
  LoginStarted: z.object({
    login: text,
    account: text,
    url: text,
    redirectUrl: text,
    expiresAt: time,
  }) satisfies z.ZodType<api.LoginStarted>,
  LoginView: z.object({
    login: text,
    account: text,
    status: z.enum(['open', 'used', 'done', 'failed', 'cancelled', 'expired']),
    outcome: text.nullable(),
    outcomeText: text.nullable(),
    generation: z.int(),
  }),
  TestResult: z.object({
    account: text,
    verdict: z.enum(['valid', 'invalid', 'unknown']),
    code: text,
    text,
    hint: text.nullable(),
    profile: z.object({ userId: text, userName: text, email: text }).nullable(),
    tookMs: z.number(),
  }),
  KeyView: key satisfies z.ZodType<api.KeyView>,
  KeyAdded: key.extend({ key: text }) satisfies z.ZodType<api.KeyAdded>,
  AuditView: z.object({
    seq: z.int(),
    at: time,
    actor: text,
    action: text,
    account: text.nullable(),
    result: z.enum(['ok', 'refused', 'failed']),
    code: text.nullable(),
    detail: facts,
  }) satisfies z.ZodType<api.AuditView>,
  AuditCheck: z.union([
    z.object({ intact: z.literal(true), records: z.int() }),
    z.object({ intact: z.literal(false), seq: z.int(), fault: text, text, records: z.int() }),
  ]) satisfies z.ZodType<api.AuditCheck>,
  BrokerView: z.object({
    id: text,
    name: text,
    console: z.object({ url: text, registerHint: text }),
    userIdLabel: text,
    app: z.array(z.object({ name: text, label: text, secret: z.boolean(), help: text })),
    redirectUrl: text,
  }) satisfies z.ZodType<api.BrokerView>,
  DoctorFinding: z.object({
    check: text,
    ok: z.boolean(),
    text,
    hint: text.nullable(),
  }) satisfies z.ZodType<api.DoctorFinding>,
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
    code: text,
    detail: text,
    hint: text,
    requestId: text,
    facts: facts.optional(),
  }),
} as const
