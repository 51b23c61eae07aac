/** Variables that put a framework or runtime into development. */

export interface DevelopmentMode {
  /** The value for production; undefined where that is a free choice. */
  readonly production: string | undefined;
}

/** By name: the values that mean development, and the one that means production. After each framework's manual. */
const modes: Readonly<Record<string, readonly [values: RegExp, production: string | undefined]>> = {
  NODE_ENV: [/^dev(?:elopment)?$/i, "production"],
  FLASK_DEBUG: [/^(?:1|true|on|yes)$/i, "0"],
  FLASK_ENV: [/^development$/i, "production"],
  DJANGO_DEBUG: [/^(?:1|true|on|yes)$/i, "False"],
  APP_DEBUG: [/^(?:1|true|on|yes)$/i, "false"],
  RAILS_ENV: [/^development$/i, "production"],
  RACK_ENV: [/^development$/i, "production"],
  ASPNETCORE_ENVIRONMENT: [/^development$/i, "Production"],
  DOTNET_ENVIRONMENT: [/^development$/i, "Production"],
  SPRING_PROFILES_ACTIVE: [/(?:^|,)(?:dev|develop|development|debug)(?=,|$)/i, undefined],
  GIN_MODE: [/^debug$/i, "release"],
  MIX_ENV: [/^dev$/i, "prod"],
};

/** Undefined where the variable, with this value, does not mean development. */
export function developmentMode(name: string, value: string): DevelopmentMode | undefined {
  const mode = Object.hasOwn(modes, name) ? modes[name] : undefined;
  return mode?.[0].test(value) ? { production: mode[1] } : undefined;
}
