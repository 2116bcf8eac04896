import type { Choice, Place, Value } from './model.ts'

/** For PowerShell 5 and newer: `bhor completion powershell | Out-String | Invoke-Expression`. */
export function powershellCompletion(places: readonly Place[]): string {
  return `# Completes bhor in PowerShell: bhor completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName bhor -ScriptBlock {
  param($word, $ast, $cursor)
  $places = @{
${places.map(placeLine).join('\n')}
  }
  $at = ''
  $before = ''
  foreach ($element in @($ast.CommandElements | Select-Object -Skip 1)) {
    if ($element.Extent.EndOffset -ge $cursor) { break }
    $before = $element.Extent.Text
    if ($places.ContainsKey("$at/$before")) { $at = "$at/$before" }
  }
  $place = $places[$at]
  $value = if ($place.values.ContainsKey($before)) { $place.values[$before] }
    elseif ($word -like '-*') { $place.options }
    else { $place.words }
  if ($value -is [string]) {
    if ($value -ne 'account') { return }
    $value = @(bhor completion --accounts 2>$null | ForEach-Object { @{ word = $_; about = $_ } })
  }
  $value | Where-Object { $_.word -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_.word, $_.word, 'ParameterValue', $_.about)
  }
}
`
}

function placeLine({ path, commands, options, takes }: Place): string {
  const values = options.flatMap(({ word, value }) =>
    value === undefined ? [] : [`${quoted(word)} = ${valueText(value)}`],
  )
  const words = commands.length > 0 ? listOf(commands) : valueText(takes)
  return `    ${quoted(path)} = @{ words = ${words}; options = ${listOf(options)}; values = @{ ${values.join('; ')} } }`
}

function valueText(value: Value): string {
  return typeof value === 'string' ? quoted(value) : listOf(value.map((word) => ({ word, about: word })))
}

function listOf(choices: readonly Choice[]): string {
  return `@(${choices.map(({ word, about }) => `@{ word = ${quoted(word)}; about = ${quoted(about || word)} }`).join(', ')})`
}

function quoted(text: string): string {
  return `'${text.replace(/['‘’‚‛]/g, '$&$&')}'`
}
