import type { MirrorContent, MirrorFormat, MirrorPlace } from '../contracts/mirrors.ts'
import { brokerConfig } from './broker-config.ts'
import { env } from './env.ts'
import { hft } from './hft.ts'
import { template } from './template.ts'

export interface TokensInText {
  readonly access: string
  readonly refresh?: string
}

/** What a file of a format holds and shall hold: pure functions over its text. */
export interface Format {
  /** Undefined where no token is in it. @throws BhorError `bad_json` */
  tokens(text: string, context: FormatContext): TokensInText | undefined
  /**
   * The text as it shall be; `before` is undefined where there is no file. One that has no place for the token stays as it is.
   *
   * @throws BhorError `bad_json`
   */
  text(before: string | undefined, content: MirrorContent, context: FormatContext): string
  /** @throws BhorError `mirror_invalid` */
  check?(template: string): void
}
/** The text as it shall be; undefined where the token would not be found in it again. @throws BhorError `bad_json` */
export function textWith(
  { text, tokens }: Format,
  before: string | undefined,
  content: MirrorContent,
  context: FormatContext,
): string | undefined {
  const after = text(before, content, context)
  return tokens(after, context)?.access === content.accessToken ? after : undefined
}

export interface FormatContext {
  readonly template: MirrorPlace['template']
  readonly variables: MirrorContent['variables']
  /** The zone of this computer, for times that are written without one. */
  readonly timeZone: string
}

export const formats: Readonly<Record<MirrorFormat, Format>> = {
  'broker-config': brokerConfig,
  hft,
  env,
  json: template,
}
