import type { Routes } from './route.ts'
import { wholeNumber } from './whole-number.ts'

export const auditRoutes = {
  'GET /v1/audit': {
    right: 'admin',
    summary: 'The latest audit records.',
    query: {
      limit: 'How many, at most 1000; 50 when left out.',
      account: 'Only this account.',
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
  'GET /v1/audit/verify': {
    right: 'admin',
    summary: 'Check the whole audit chain.',
    answer: 'AuditCheck',
    run: ({ app, principal }) => app.desk.audit.verify(principal),
  },
} satisfies Partial<Routes>
