interface ChoiceProps<T extends string> {
  readonly legend: string
  readonly name: string
  readonly options: readonly {
    readonly value: T
    readonly label: string
    readonly help?: string | undefined
  }[]
  readonly value: T
  readonly onChoose: (value: T) => void
  readonly error?: string | null | undefined
}

/** A few large radio buttons. */
export function Choice<T extends string>({ legend, name, options, value, onChoose, error }: ChoiceProps<T>) {
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      <div class="choice-options">
        {options.map((option) => (
          <label class="choice-option" key={option.value}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChoose(option.value)}
            />
            <span>
              <span class="choice-label">{option.label}</span>
              {option.help && <span class="fine">{option.help}</span>}
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
