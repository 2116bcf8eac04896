import type { AlertChannelRecord } from '../../contracts/alerts.ts'
import type { ChatBot, ChatUpdate } from '../../contracts/chat.ts'
import { isBhorError } from '../../core/errors.ts'
import type { SessionContext } from '../ground/context.ts'
import { openSecrets, places, soundOf } from '../ground/records.ts'

/** A bot, and the channels by which it speaks. */
export interface HeardBot {
  /** What its row of work is called. */
  readonly id: string
  readonly bot: ChatBot
  /** The oldest first. */
  readonly channels: readonly AlertChannelRecord[]
}

/** Every bot to which people may write, by its row of work; each once, however many chats it is in. */
export async function botsOf(
  context: Pick<SessionContext, 'store' | 'vault' | 'alerting'>,
): Promise<ReadonlyMap<string, HeardBot>> {
  const { store, vault, alerting } = context
  const bots = new Map<string, HeardBot>()
  const channels = soundOf(vault, 'alert_channels', await store.channels.list())
  for (const channel of channels.toSorted((a, b) => a.createdAtMs - b.createdAtMs)) {
    const bot = botOf(context, channel, alerting)
    if (!bot) continue
    const id = `bot_${bot.number}`
    const known = bots.get(id)
    // The token that was given last is the one that counts: an older one may have been replaced at Telegram.
    const isNewer = known && channel.updatedAtMs < Math.max(...known.channels.map((one) => one.updatedAtMs))
    bots.set(id, { id, bot: isNewer ? known.bot : bot, channels: [...(known?.channels ?? []), channel] })
  }
  return bots
}

function botOf(
  { vault }: Pick<SessionContext, 'vault'>,
  { id, kind, settings, sealedSecrets }: AlertChannelRecord,
  alerting: SessionContext['alerting'],
): ChatBot | undefined {
  const type = alerting?.types[kind]
  if (!type?.bot) return undefined
  try {
    return type.bot(settings, openSecrets(vault, sealedSecrets, places.channelSecrets(id)))
  } catch (error) {
    // Sealed by a lost key: the channel says so of itself.
    if (isBhorError(error)) return undefined
    throw error
  }
}

/** For whom a chat may see and act; undefined for a stranger. Of several channels for one place it is all together. */
export function partyIn(
  channels: readonly AlertChannelRecord[],
  { place, chatName }: Pick<Extract<ChatUpdate, { kind: 'tap' }>, 'place' | 'chatName'>,
): Pick<AlertChannelRecord, 'id' | 'name' | 'accountIds'> | undefined {
  const own = channels.filter(({ settings: { chat = '', topic } }) => {
    const isChat = chat === place.chat || (chatName !== '' && chat.toLowerCase() === chatName.toLowerCase())
    return isChat && topic === place.topic
  })
  const [first] = own
  if (!first) return undefined
  const widest = own.find(({ accountIds }) => accountIds === null)
  return widest ?? { ...first, accountIds: own.flatMap(({ accountIds }) => accountIds ?? []) }
}
