import { Counter, Gauge, Registry } from 'prom-client'
import type { App } from '../app/open.ts'
import { sessionStatuses } from '../contracts/api.ts'
import { isLimited, type Principal } from '../session/ground/rights.ts'

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
  const proof = new Gauge({
    name: 'bhor_proof_age_seconds',
    help: 'Seconds since the broker said that the session lives; absent where it never did.',
    labelNames: ['account', 'broker'],
    registers: [registry],
  })
  const gate = new Gauge({
    name: 'bhor_gate_open',
    help: '1 where the account may trade now, as far as bhor knows; 0 where its gate is closed.',
    labelNames: ['account', 'broker'],
    registers: [registry],
  })
  const accounts = await app.desk.accounts.list(principal)
  for (const status of sessionStatuses)
    sessions.set({ status }, accounts.filter((account) => account.status === status).length)
  const nowMs = app.clock.nowMs()
  for (const {
    account,
    broker,
    session,
    generation: current,
    lastProbe,
    gate: { state },
  } of accounts) {
    left.set({ account, broker }, Math.floor((session?.expiresInMs ?? 0) / 1000))
    generation.set({ account, broker }, current)
    gate.set({ account, broker }, state === 'open' ? 1 : 0)
    if (lastProbe?.verdict === 'valid')
      proof.set({ account, broker }, Math.max(0, Math.floor((nowMs - Date.parse(lastProbe.at)) / 1000)))
  }
  // Whoever sees some accounts only learns from no total that others are at work.
  if (!isLimited(principal)) await addHouse(app, registry)
  return registry.metrics()
}

async function addHouse(app: App, registry: Registry): Promise<void> {
  const registers = [registry]
  const audit = new Gauge({ name: 'bhor_audit_records', help: 'Records in the audit chain.', registers })
  audit.set((await app.store.audit.head()).seq)
  await addWork(app, registry)
  await addAlerts(app, registry)
  const memory = new Gauge({ name: 'process_resident_memory_bytes', help: 'Resident memory.', registers })
  memory.set(process.memoryUsage.rss())
}

async function addWork({ store, clock, desk, operator }: App, registry: Registry): Promise<void> {
  const registers = [registry]
  const nowMs = clock.nowMs()
  const { count, oldestMs } = await store.work.backlog(nowMs)
  const overdue = new Gauge({
    name: 'bhor_work_overdue',
    help: 'Pieces of work that are overdue.',
    registers,
  })
  overdue.set(count)
  const age = new Gauge({
    name: 'bhor_work_overdue_seconds',
    help: 'Since when the oldest of them is overdue.',
    registers,
  })
  age.set(oldestMs === null ? 0 : Math.max(0, Math.floor((nowMs - oldestMs) / 1000)))
  const missing = new Gauge({
    name: 'bhor_roll_call_missing',
    help: 'Accounts of the roll-call that are not ready for the market.',
    registers,
  })
  missing.set((await desk.rollCall.view(operator)).missing)
}

async function addAlerts({ store }: App, registry: Registry): Promise<void> {
  const registers = [registry]
  const waiting = new Gauge({ name: 'bhor_alerts_waiting', help: 'Alerts in the outbox.', registers })
  waiting.set((await store.outbox.depth()).count)
  const labelNames = ['channel', 'kind'] as const
  const delivered = new Counter({
    name: 'bhor_alert_messages_total',
    help: 'Messages of alerts that a receiver took.',
    labelNames,
    registers,
  })
  const failed = new Counter({
    name: 'bhor_alert_failures_total',
    help: 'Messages of alerts, and looks at a channel, that failed.',
    labelNames,
    registers,
  })
  const { records } = await store.channels.list()
  for (const { channelId, deliveredCount, failedCount } of await store.deliveries.list()) {
    const found = records.find(({ id }) => id === channelId)
    if (!found) continue
    const labels = { channel: found.name, kind: found.kind }
    delivered.inc(labels, deliveredCount)
    failed.inc(labels, failedCount)
  }
}
