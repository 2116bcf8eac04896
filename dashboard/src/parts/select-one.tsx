interface SelectProps {
  readonly label: string
  /** What an empty value says. */
  readonly all?: string | undefined
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly value: string
  readonly onChoose: (value: string) => void
}

/** One of many, as the device shows it. A value that is none of the options is shown too. */
export function SelectOne({ label, all, options, value, onChoose }: SelectProps) {
  const isKnown = value === '' || options.some((option) => option.value === value)
  return (
    <label class="select-one" data-set={value === '' ? undefined : true}>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {all !== undefined && <option value="">{all}</option>}
        {!isKnown && <option value={value}>{value}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  )
}
