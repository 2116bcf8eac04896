import type { Routes } from './route.ts'

export const accountRoutes = {
  'GET /v1/brokers': {
    right: 'status',
    summary: 'The brokers that bhor speaks, and what to register there.',
    answer: 'BrokerView[]',
    run: ({ app, principal }) => app.desk.accounts.brokers(principal, app.brokerIds),
  },
  'GET /v1/accounts': {
    right: 'status',
    summary: 'All accounts that the caller may see, with their sessions.',
    answer: 'AccountView[]',
    run: ({ app, principal }) => app.desk.accounts.list(principal),
  },
  'POST /v1/accounts': {
    right: 'admin',
    summary: 'Add an account.',
    body: 'AddAccount',
    answer: 'StoredAccount',
    status: 201,
    run: ({ app, principal, body }) => app.desk.accounts.add(principal, body),
  },
  'POST /v1/imports': {
    right: 'person',
    summary: 'Plan what can be imported from the files of other programs, and do it if asked to.',
    body: 'ImportFiles',
    answer: 'ImportPlan',
    run: ({ app, principal, body }) => app.desk.imports.run(principal, app.brokerIds, body),
  },
  'GET /v1/accounts/{account}': {
    right: 'status',
    summary: 'One account.',
    answer: 'AccountView',
    run: ({ app, principal, params }) => app.desk.accounts.get(principal, params.account),
  },
  'GET /v1/accounts/{account}/history': {
    right: 'status',
    summary: 'The sessions of the last 30 days: when each began, how it ended, who logged in.',
    answer: 'AccountHistory',
    run: ({ app, principal, params }) => app.desk.accounts.history(principal, params.account),
  },
  'PATCH /v1/accounts/{account}': {
    right: 'admin',
    summary: 'Change what is given.',
    body: 'EditAccount',
    answer: 'StoredAccount',
    run: ({ app, principal, params, body }) => app.desk.accounts.edit(principal, params.account, body),
  },
  'DELETE /v1/accounts/{account}': {
    right: 'admin',
    summary: 'Remove an account with its sessions. Audit records stay.',
    run: ({ app, principal, params }) => app.desk.accounts.remove(principal, params.account),
  },
} satisfies Partial<Routes>
