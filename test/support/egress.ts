import { doctor } from '../../src/app/doctor.ts'
import type { DoctorFinding, EgressChange } from '../../src/contracts/api.ts'
import type { World } from './world.ts'

/** Sets by which way the account `demo` leaves. */
export async function setEgress({ app }: World, egress: EgressChange): Promise<void> {
  await app.desk.accounts.edit(app.operator, 'demo', { settings: { egress } })
}

/** What a new measurement of `demo` says: the addresses, or the code; and how they stand. */
export async function measuredEgress({ app }: World): Promise<string> {
  const { measured, standing } = await app.desk.egress.measure(app.operator, 'demo')
  return `${measured?.code ?? measured?.addresses.join(' ')}: ${standing}`
}

/** What doctor finds of the ways out. */
export async function egressFinding({ app }: World): Promise<DoctorFinding> {
  return (await doctor(app, app.operator)).find(({ check }) => check === 'egress')!
}
