import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components'
import styles from './button.module.css'
import { classes } from './classes.ts'

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style'> {
  /** How much it asks for attention; `danger` for what takes something away. */
  readonly look?: 'primary' | 'secondary' | 'quiet' | 'danger'
  readonly size?: 'small' | 'medium'
}

/**
 * A button. While `isPending` it keeps its size and its place in the order of focus, and does nothing. The library's own way to be
 * pending is not used: it leaves a note to screen readers that names the button by its id, for seconds after the button is gone.
 */
export function Button({ look = 'secondary', size = 'medium', isPending = false, ...props }: ButtonProps) {
  const className = classes(styles.button, styles[look], size === 'small' && styles.small)
  if (!isPending) return <AriaButton {...props} className={className} />
  const { onPress: _, type, ...rest } = props
  return (
    <AriaButton
      {...rest}
      type={type === 'submit' ? 'button' : (type ?? 'button')}
      aria-disabled
      className={className}
    />
  )
}

/** The classes of a button, for a link that looks like one. */
export function buttonClass(
  look: NonNullable<ButtonProps['look']> = 'secondary',
  size: ButtonProps['size'] = 'medium',
) {
  return classes(styles.button, styles[look], size === 'small' && styles.small)
}
