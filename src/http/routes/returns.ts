import { requirePerson } from '../../session/ground/rights.ts'
import { cookiePrefix } from '../sign-ins.ts'
import type { Routes } from './route.ts'
import { originOf, signedInAnswer } from './sign-in.ts'

export const returnRoutes = {
  'POST /v1/desk/return': {
    right: 'page',
    summary:
      'Lead a browser that stays signed in back, by its cookie: to a new address, where its key is asked for.',
    body: 'ReturnAsked',
    answer: 'ReturnOffered',
    async run({ returns, request, principal, body }) {
      requirePerson(principal)
      return returns.offer(request.cookies(cookiePrefix), body.nonce)
    },
  },
  'POST /v1/desk/return/start': {
    right: 'page',
    summary: 'Where the browser that comes back has its key, and what it signs.',
    body: 'ReturnStart',
    answer: 'ReturnStarted',
    async run(call) {
      requirePerson(call.principal)
      return call.returns.start(call.body.ticket, originOf(call))
    },
  },
  'POST /v1/desk/return/finish': {
    right: 'page',
    summary: 'Show the key: signed in again, with the next key. `forget`: frames whose keys count no more.',
    body: 'ReturnFinish',
    answer: 'ReturnFinished',
    async run(call) {
      requirePerson(call.principal)
      const { forget, ...signIn } = await call.returns.finish(call.body.ticket, originOf(call), call.body)
      return signedInAnswer(call, signIn, { forget })
    },
  },
  'POST /v1/desk/key': {
    right: 'person',
    summary: 'Where a browser that was just signed in makes its key; null where it does not stay signed in.',
    answer: 'KeyFrame',
    async run(call) {
      requirePerson(call.principal)
      return { frame: call.returns.firstFrame(call.principal, originOf(call)) ?? null }
    },
  },
  'PUT /v1/desk/key': {
    right: 'person',
    summary: 'Stay signed in by this key.',
    body: 'KeepKey',
    async run({ returns, principal, body }) {
      requirePerson(principal)
      await returns.keep(principal, body.publicKey)
    },
  },
} satisfies Partial<Routes>
