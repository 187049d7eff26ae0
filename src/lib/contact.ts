import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

// One @, something before it, and a domain with a dot: what every mail system agrees on.
const emailShape = /^[^\s@"<>()[\],;:\\]+@[^\s@.]+(\.[^\s@.]+)+$/;

/** Trimmed, NFC, lower case; null where it is no e-mail address. */
export function normalizeEmail(value: string): string | null {
  const email = value.trim().normalize('NFC').toLowerCase();
  return email.length <= 254 && emailShape.test(email) ? email : null;
}

/** E.164; null where it is no phone number. Without a country code the number is read as one of `defaultCountry`. */
export function normalizePhone(value: string, defaultCountry: string | null): string | null {
  const country = defaultCountry !== null && isSupportedCountry(defaultCountry) ? defaultCountry : undefined;
  const phone = parsePhoneNumberFromString(value, country);
  return phone?.isPossible() ? phone.number : null;
}
