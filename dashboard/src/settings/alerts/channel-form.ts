import type {
  AddAlertChannel,
  AlertChannelView,
  ChannelField,
  ChannelKind,
  EditAlertChannel,
  QuietHours,
  Severity,
} from '../../../../src/contracts/alerts.ts'
import { channelFields } from '../../../../src/contracts/channel-fields.ts'

/** What a form holds, by field name; what was left empty is left out. */
export type Texts = Readonly<Record<string, string>>

/** What the form chooses beside its texts. */
export interface Choices {
  readonly kind: ChannelKind
  readonly leastSeverity: Severity
  /** None for all. */
  readonly accounts: readonly string[]
}

/** The name of the input for a field: kinds call different things alike. */
export function inputOf({ name }: Pick<ChannelField, 'name'>): string {
  return `field.${name}`
}
/** The name of the box that takes a stored secret away. */
export function dropOf({ name }: Pick<ChannelField, 'name'>): string {
  return `drop.${name}`
}

/** The two hours; `half` where only one is given. */
export function quietOf({ quietFrom: from, quietUntil: until }: Texts): QuietHours | null | 'half' {
  if (from !== undefined && until !== undefined) return { from, until }
  return from === until ? null : 'half'
}

export function addOf(texts: Texts, { kind, leastSeverity, accounts }: Choices): AddAlertChannel {
  const quiet = quietOf(texts)
  return {
    name: texts.name ?? '',
    kind,
    fields: given(texts, kind, false),
    secrets: given(texts, kind, true),
    leastSeverity,
    ...(accounts.length > 0 ? { accounts: [...accounts] } : {}),
    ...(quiet === null || quiet === 'half' ? {} : { quiet }),
  }
}

/** Only what is otherwise than before: a secret that is not typed stays, a public field that was emptied goes. */
export function editOf(before: AlertChannelView, texts: Texts, choices: Choices): EditAlertChannel {
  const { leastSeverity, accounts } = choices
  const quiet = quietOf(texts)
  const fields = Object.fromEntries(
    channelFields[before.kind]
      .filter(({ secret }) => !secret)
      .map((field) => [field.name, texts[inputOf(field)] ?? ''] as const)
      .filter(([name, text]) => text !== (before.settings[name] ?? '')),
  )
  const dropped = channelFields[before.kind].filter((field) => texts[dropOf(field)] !== undefined)
  const secrets = {
    ...Object.fromEntries(dropped.map(({ name }) => [name, ''])),
    ...given(texts, before.kind, true),
  }
  const name = texts.name ?? ''
  const isOther = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b)
  const wanted = accounts.length > 0 ? [...accounts] : null
  return {
    ...(name === before.name ? {} : { name }),
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
    ...(Object.keys(secrets).length > 0 ? { secrets } : {}),
    ...(leastSeverity === before.leastSeverity ? {} : { leastSeverity }),
    ...(isOther(wanted?.toSorted(), before.accounts?.toSorted() ?? null) ? { accounts: wanted } : {}),
    ...(quiet !== 'half' && isOther(quiet, before.quiet) ? { quiet } : {}),
  }
}

function given(texts: Texts, kind: ChannelKind, secret: boolean): Record<string, string> {
  return Object.fromEntries(
    channelFields[kind].flatMap((field) => {
      const text = texts[inputOf(field)]
      return field.secret === secret && text !== undefined ? [[field.name, text]] : []
    }),
  )
}
