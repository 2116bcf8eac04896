/** Does it in one tab of this browser at a time; where the browser cannot tell tabs apart, in each. */
export async function oneAtATime(name: string, act: () => Promise<void>): Promise<void> {
  const { locks } = navigator as { locks?: LockManager }
  if (locks === undefined) return act()
  await locks.request(name, act)
}
