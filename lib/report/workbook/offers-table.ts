import type { OfferRow } from '../view/offers.ts';
import type { TableOptions } from './table.ts';
import { cellText } from './text.ts';

export const OFFERS_SHEET = 'Offers';

/** Pale enough for black text. */
const BLUE = 'FF9DC3E6';

/** One row per offer, the offers of most members first. The last row may stand for all others. */
export const OFFERS_TABLE: TableOptions<OfferRow> = {
  name: OFFERS_SHEET,
  columns: [
    { header: 'OFFER', width: 60, value: ({ offer, name }) => cellText(offer ?? name) },
    { header: 'MEMBERS', width: 12, format: '#,##0', colour: BLUE, value: ({ members }) => members },
    { header: 'SHARE_OF_SCORED', width: 12, format: '0.0%', value: ({ share }) => share },
  ],
};
