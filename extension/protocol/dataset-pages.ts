import * as l10n from '@vscode/l10n';

/** Where the published data sets come from, for links that a person clicks; nothing is ever downloaded from them by us. */
export const DATASET_PAGES = [
  {
    id: 'mvtec',
    name: 'MVTec AD',
    page: 'https://www.mvtec.com/company/research/datasets/mvtec-ad',
    get licence() {
      return l10n.t('CC BY-NC-SA 4.0, not for commercial use');
    },
    get about() {
      return l10n.t('15 categories; unpack it and choose the folder that holds "bottle", "cable" and the others');
    },
  },
  {
    id: 'visa',
    name: 'VisA',
    page: 'https://github.com/amazon-science/spot-diff',
    licence: 'CC BY 4.0',
    get about() {
      return l10n.t('12 categories; unpack it and choose the folder that holds "split_csv"');
    },
  },
  {
    id: 'btad',
    name: 'BTAD',
    page: 'https://github.com/pankajmishra000/VT-ADL',
    licence: 'CC BY-SA',
    get about() {
      return l10n.t('3 categories; unpack it and choose the folder that holds "01", "02" and "03"');
    },
  },
] as const;
export type DatasetPage = (typeof DATASET_PAGES)[number];
