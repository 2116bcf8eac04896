/** The texts of a form by field name, trimmed; what was left empty is left out. Passwords are taken as typed. */
export function readForm(form: HTMLFormElement): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== 'string') continue
    const text = /(^|\.)password$/.test(name) ? value : value.trim()
    if (text !== '') texts[name] = text
  }
  return texts
}

/** Puts the cursor into the first field that has a fault. */
export function focusFault(form: HTMLFormElement): void {
  requestAnimationFrame(() => {
    const fault =
      form.querySelector<HTMLElement>('[aria-invalid="true"]') ??
      form.querySelector<HTMLElement>('[role="alert"]')
    fault?.scrollIntoView({ block: 'center' })
    if (fault instanceof HTMLInputElement) fault.focus()
  })
}
