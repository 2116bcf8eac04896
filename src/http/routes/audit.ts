import { exportAudit } from '../../app/audit/export.ts'
import type { Routes } from './route.ts'
import { wholeNumber } from './whole-number.ts'

export const auditRoutes = {
  'GET /v1/audit': {
    right: 'admin',
    summary: 'The latest audit records.',
    query: {
      limit: 'How many, at most 1000; 50 when left out.',
      account: 'Only this account, also one that is gone.',
      before: 'Only records with a smaller number.',
    },
    answer: 'AuditView[]',
    run: ({ app, principal, query: { limit = '50', account, before } }) =>
      app.desk.audit.list(principal, {
        limit: wholeNumber('limit', limit, 1, 1000),
        ...(account === undefined ? {} : { account }),
        ...(before === undefined
          ? {}
          : { before: wholeNumber('before', before, 1, Number.MAX_SAFE_INTEGER) }),
      }),
  },
  'GET /v1/activity': {
    right: 'admin',
    summary:
      'The record in people’s words, the newest first: the same again and again is one entry for each day.',
    query: {
      limit: 'How many entries, at most 500; 50 when left out.',
      before: 'Where to go on: `next` of the page before.',
      after: 'Only what came later: `upTo` of a page.',
      up_to: 'All as it stood then: `upTo` of the page before, so that nothing is told twice or left out.',
      account: 'Only this account, also one that is gone.',
      program: 'Only this client key, by its name or id.',
      kind: 'Only this kind: account, login, session, gate, key, page, alert or house.',
      day: 'Only this day in India, such as 2026-11-24.',
    },
    answer: 'ActivityPage',
    run: ({ app, principal, query: { limit = '50', before, after, up_to: upTo, ...wish } }) =>
      app.desk.activity.page(principal, {
        ...wish,
        limit: wholeNumber('limit', limit, 1, 500),
        ...(before === undefined
          ? {}
          : { before: wholeNumber('before', before, 1, Number.MAX_SAFE_INTEGER) }),
        ...(after === undefined ? {} : { after: wholeNumber('after', after, 0, Number.MAX_SAFE_INTEGER) }),
        ...(upTo === undefined ? {} : { upTo: wholeNumber('up_to', upTo, 0, Number.MAX_SAFE_INTEGER) }),
      }),
  },
  'GET /v1/activity/accounts': {
    right: 'admin',
    summary: 'The names of accounts that are gone and of which the record tells.',
    answer: 'ActivityAccounts',
    run: ({ app, principal }) => app.desk.activity.accounts(principal),
  },
  'POST /v1/activity/export': {
    right: 'admin',
    summary:
      'A copy of the record as CSV or JSON, with a check of the whole chain. That it was taken is recorded.',
    body: 'AskActivityExport',
    answer: 'ActivityExport',
    run: ({ app, principal, body }) => app.desk.activity.export(principal, body),
  },
  'GET /v1/audit/verify': {
    right: 'admin',
    summary: 'Check the whole audit chain.',
    answer: 'AuditCheck',
    run: ({ app, principal }) => app.desk.audit.verify(principal),
  },
  'POST /v1/audit/export': {
    right: 'person',
    summary:
      'Write the records before a time into a file, with a signed checkpoint. Only such records can be pruned.',
    body: 'ExportAudit',
    answer: 'AuditExported',
    run: ({ app, principal, body }) =>
      exportAudit({ context: app.desk.context, home: app.config.home }, principal, body),
  },
} satisfies Partial<Routes>
