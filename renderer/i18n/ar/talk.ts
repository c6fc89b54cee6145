import type { Catalogue } from '../catalogue.ts';

/** As `english-talk.ts`. */
export const talk: Catalogue = {
  'text.spoiler': 'نص مخفي. اعرضه.',
  'text.code': 'الرمز',
  'text.codeIn': 'رمز بلغة {language}',
  'text.copyCode': 'نسخ',
  'text.copied': 'نُسخ',
  'format.bar': 'التنسيق',
  'format.bold': 'غامق',
  'format.italic': 'مائل',
  'format.strike': 'يتوسطه خط',
  'format.code': 'الرمز',
  'format.block': 'كتلة رمز',
  'format.quote': 'اقتباس',
  'format.list': 'قائمة',
  'format.link': 'رابط',
  'format.spoiler': 'نص مخفي',
  'timeline.back': 'العودة إلى حيث كنت',
  'timeline.notHere': 'تلك الرسالة ليست على هذا الجهاز.',
  'message.copyLink': 'نسخ رابط الرسالة',
};
