// Puts the parts of the console together, then opens the stream of events.

import { byId, count, setText } from './dom.mjs';
import { connect, on } from './hub.mjs';
import { showBudget } from './Panels/budget.mjs';
import { showCatalogue } from './Panels/catalogue.mjs';
import { showFaults } from './Panels/faults.mjs';
import { showJournal } from './Panels/journal.mjs';
import { showOrders } from './Panels/orders.mjs';
import { showRecipes } from './Panels/recipes.mjs';
import { showSwitches } from './Panels/switches.mjs';

setText(byId('place'), location.host);

on('state', (state) => {
  const moved = state.skew_s ? `, clock ${state.skew_s > 0 ? '+' : ''}${count(state.skew_s)} s` : '';
  setText(byId('seed'), `· seed ${state.seed}${state.frozen_at ? `, stands still at ${state.frozen_at}` : moved}`);
  for (const figure of document.querySelectorAll('[data-total]')) setText(figure, count(state.totals[figure.dataset.total]));
});

showBudget();
showOrders();
showCatalogue();
showJournal();
showRecipes();
showFaults();
showSwitches();
connect();
