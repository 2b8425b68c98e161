const ISO_CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** What people write in place of the letters by ISO 4217, in lower case, and which currencies it may be. */
const LOCAL: ReadonlyMap<string, readonly string[]> = new Map([
  ['$', ['USD', 'AUD', 'CAD', 'NZD', 'SGD', 'HKD', 'TWD', 'MXN', 'ARS', 'CLP', 'COP', 'UYU', 'BMD', 'JMD', 'TTD']],
  ['us$', ['USD']],
  ['$us', ['USD']],
  ['a$', ['AUD']],
  ['au$', ['AUD']],
  ['c$', ['CAD']],
  ['ca$', ['CAD']],
  ['$ca', ['CAD']],
  ['nz$', ['NZD']],
  ['s$', ['SGD']],
  ['hk$', ['HKD']],
  ['nt$', ['TWD']],
  ['mx$', ['MXN']],
  ['r$', ['BRL']],
  ['€', ['EUR']],
  ['£', ['GBP', 'EGP', 'GIP', 'FKP', 'SHP', 'LBP', 'SYP']],
  ['¥', ['JPY', 'CNY']],
  ['￥', ['JPY', 'CNY']],
  ['円', ['JPY']],
  ['元', ['CNY']],
  ['원', ['KRW']],
  ['₹', ['INR']],
  ['₩', ['KRW', 'KPW']],
  ['₽', ['RUB']],
  ['₺', ['TRY']],
  ['₴', ['UAH']],
  ['₪', ['ILS']],
  ['₫', ['VND']],
  ['฿', ['THB']],
  ['₱', ['PHP']],
  ['₦', ['NGN']],
  ['kr', ['SEK', 'NOK', 'DKK', 'ISK']],
  ['kč', ['CZK']],
  ['zł', ['PLN']],
  ['ft', ['HUF']],
  ['lei', ['RON', 'MDL']],
  ['fr', ['CHF', 'XAF', 'XOF']],
  ['sfr', ['CHF']],
  ['лв', ['BGN']],
  ['rs', ['INR', 'PKR', 'LKR', 'NPR', 'MUR']],
  ['rp', ['IDR']],
  ['руб', ['RUB']],
]);

/** Which currencies a sign, letters or an abbreviation may be, by ISO 4217; undefined for what is none. */
export function currenciesOf(written: string): readonly string[] | undefined {
  const name = written.replace(/\.$/, '');
  const known = LOCAL.get(name.toLowerCase());
  if (known !== undefined) return known;
  if (ISO_CURRENCIES.has(name.toUpperCase())) return [name.toUpperCase()];
  // Of the other signs each stands for a currency of its own.
  return /^\p{Sc}$/u.test(name) ? [name] : undefined;
}

/** Of countries that have no smaller coins, and that group digits with commas. */
const WITHOUT_CENTS: readonly string[] = ['JPY', 'KRW', 'KPW'];

/** Whether amounts in these currencies have no fraction, whichever of them it is. */
export function hasNoCents(currencies: readonly string[] | undefined): boolean {
  return currencies?.every((currency) => WITHOUT_CENTS.includes(currency)) === true;
}

/** Of a number of a workbook: a sign that is not known is that of a currency that no field has for its unit. */
export function shownCurrencies(sign: string): readonly string[] | undefined {
  return sign === '' || sign === '%' ? undefined : (currenciesOf(sign) ?? [sign]);
}

/** The currency that is the unit of a field, if it is one. */
export function currencyOfUnit(unit: string | undefined): string | undefined {
  const code = unit?.toUpperCase() ?? '';
  return ISO_CURRENCIES.has(code) ? code : undefined;
}
