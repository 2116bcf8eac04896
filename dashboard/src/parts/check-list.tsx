interface CheckListProps<T extends string> {
  readonly legend: string
  readonly options: readonly {
    readonly value: T
    readonly label: string
    readonly help?: string | undefined
  }[]
  readonly chosen: readonly T[]
  readonly onChoose: (chosen: readonly T[]) => void
  readonly error?: string | null | undefined
}

/** Any of a few. Keeps the order of the options. */
export function CheckList<T extends string>({ legend, options, chosen, onChoose, error }: CheckListProps<T>) {
  const toggle = (value: T, isOn: boolean) =>
    onChoose(
      options.map((option) => option.value).filter((each) => (each === value ? isOn : chosen.includes(each))),
    )
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      <div class="check-options">
        {options.map(({ value, label, help }) => (
          <label class="choice-option" key={value}>
            <input
              type="checkbox"
              value={value}
              checked={chosen.includes(value)}
              onChange={(event) => toggle(value, event.currentTarget.checked)}
            />
            <span>
              <span class="choice-label">{label}</span>
              {help && <span class="fine">{help}</span>}
            </span>
          </label>
        ))}
      </div>
      {error && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}
