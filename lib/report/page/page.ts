import { h, type JSX } from 'preact';
import { render } from 'preact-render-to-string';
import type { Summary } from '../../run/summary.ts';
import type { RunFigures } from '../figures/run-figures.ts';
import { plainName } from '../view/plain-text.ts';
import { viewOf } from '../view/view.ts';
import { rankOffers } from './charts/offer-ranks.ts';
import { costSection } from './sections/cost.ts';
import { footer } from './sections/footer.ts';
import { inputSection } from './sections/input.ts';
import { latencySection } from './sections/latency.ts';
import { offersSection } from './sections/offers.ts';
import { header, keyFigures } from './sections/overview.ts';
import { predictionsSection } from './sections/predictions.ts';
import { failuresSection, missingSection, rejectionsSection } from './sections/problems.ts';
import { slowestSection } from './sections/slowest.ts';
import { timelineSection } from './sections/timeline.ts';
import { STYLE } from './style.ts';

/** The page loads nothing and runs no script. So a text from outside could do no harm even if it became markup. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The largest number of rows in the tables of problems and of members without a row; other lists are shown whole. */
const ROOM = { rejections: 10, missing: 10 };

/** Renders a run's figures as a page: one HTML document that loads no other file. */
export function renderPage(figures: RunFigures): string {
  const { summary } = figures;
  const ranks = rankOffers(summary);
  const view = viewOf(summary, ROOM);
  const body = h(
    'body',
    null,
    h(
      'div',
      { class: 'page' },
      header(view),
      h(
        'main',
        null,
        keyFigures(view),
        failuresSection(view, summary),
        offersSection(view, ranks),
        predictionsSection(view, figures, ranks),
        latencySection(view, figures),
        timelineSection(view, figures),
        slowestSection(view, figures.slowestMembers),
        rejectionsSection(view, summary),
        missingSection(view),
        inputSection(view),
        costSection(view),
      ),
      footer(view),
    ),
  );
  return `<!doctype html>\n${render(h('html', { lang: 'en' }, head(summary), body))}\n`;
}

function head({ status, partner, runId }: Summary): JSX.Element {
  return h(
    'head',
    null,
    h('meta', { charset: 'utf-8' }),
    h('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('meta', { name: 'color-scheme', content: 'light dark' }),
    h('title', null, `Member offers: ${plainName(partner)}, ${runId}, ${status}`),
    h('style', { dangerouslySetInnerHTML: { __html: STYLE } }),
  );
}
