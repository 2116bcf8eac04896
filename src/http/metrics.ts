import { Gauge, Registry } from 'prom-client'
import type { App } from '../app/open.ts'
import { sessionStatuses } from '../contracts/api.ts'
import type { Principal } from '../session/ground/rights.ts'

/** Prometheus text about the accounts that the caller may see: names and states, never a value that could be a secret. */
export async function metricsText(app: App, principal: Principal): Promise<string> {
  const registry = new Registry()
  const sessions = new Gauge({
    name: 'bhor_accounts',
    help: 'Accounts by status.',
    labelNames: ['status'],
    registers: [registry],
  })
  const left = new Gauge({
    name: 'bhor_session_seconds_left',
    help: 'Seconds until the session ends; 0 without a live one.',
    labelNames: ['account', 'broker'],
    registers: [registry],
  })
  const generation = new Gauge({
    name: 'bhor_session_generation',
    help: 'Rises by one with each new session.',
    labelNames: ['account', 'broker'],
    registers: [registry],
  })
  const audit = new Gauge({
    name: 'bhor_audit_records',
    help: 'Records in the audit chain.',
    registers: [registry],
  })
  const memory = new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory.',
    registers: [registry],
  })
  const accounts = await app.desk.accounts.list(principal)
  for (const status of sessionStatuses)
    sessions.set({ status }, accounts.filter((account) => account.status === status).length)
  for (const { account, broker, session, generation: current } of accounts) {
    left.set({ account, broker }, Math.floor((session?.expiresInMs ?? 0) / 1000))
    generation.set({ account, broker }, current)
  }
  audit.set((await app.store.audit.head()).seq)
  memory.set(process.memoryUsage.rss())
  return registry.metrics()
}
