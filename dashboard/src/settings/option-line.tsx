import { useSignal } from '@preact/signals'
import type { ConfigOption } from '../../../src/contracts/api.ts'
import { CopyBox } from '../parts/copy-box.tsx'
import { Field } from '../parts/field.tsx'
import { words } from '../words/settings.ts'
import { configLine, shownValue } from './config-line.ts'

const said = words.settings.config

/** One option: what it is, where it comes from and, unfolded, the very line that changes it. */
export function OptionLine({
  option,
  file,
}: {
  readonly option: ConfigOption
  /** The path of `config.toml`. */
  readonly file: string
}) {
  const isOpen = useSignal(false)
  const { name, value, source, help } = option
  return (
    <details
      class="option"
      data-option={name}
      onToggle={(event) => {
        isOpen.value = event.currentTarget.open
      }}
    >
      <summary>
        <code class="option-name">{name}</code>
        <span class="option-value">{value === '' ? said.unset : value}</span>
        <span class="tag">{said.sources[source]}</span>
        <span class="fine option-help">{help}</span>
      </summary>
      {isOpen.value && <Change option={option} file={file} />}
    </details>
  )
}

function Change({ option, file }: { readonly option: ConfigOption; readonly file: string }) {
  const wished = useSignal(shownValue(option))
  const { place, source, value, env } = option
  return (
    <div class="option-change">
      {value === '[secret]' && <p class="fine">{said.hidden}</p>}
      {place === 'file' && source === 'environment' && <p>{said.wins(env)}</p>}
      {source === 'flag' && <p>{said.flagWins}</p>}
      {/* A secret is not typed here: it would stand on the screen. */}
      {place === 'file' && (
        <Field
          name="wished"
          label={said.wished}
          value={wished.value}
          onChange={(text) => {
            wished.value = text
          }}
          isRequired
        />
      )}
      <CopyBox label={said.line} text={configLine(option, place === 'file' ? wished.value : '…')} />
      <p class="fine">{place === 'file' ? said.inFile(file) : said.inEnvironment}</p>
    </div>
  )
}

/** Some options by name, in that order. */
export function OptionLines({
  options,
  names,
}: {
  readonly options: readonly ConfigOption[]
  readonly names?: readonly string[]
}) {
  const home = options.find(({ name }) => name === 'home')?.value ?? ''
  const shown =
    names === undefined
      ? options
      : names.flatMap((name) => options.find((option) => option.name === name) ?? [])
  return (
    <div class="rows options">
      {shown.map((option) => (
        <OptionLine key={option.name} option={option} file={`${home}/config.toml`} />
      ))}
    </div>
  )
}
