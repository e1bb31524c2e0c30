// Generated from crm-to-ledger.rules.yaml. Edits are overwritten; see README.md, "Changing this service".
import { firstNotBlank, listOf, toEmail, toPhone } from '@mortise/runtime';
import type { Mapper } from '@mortise/runtime';
import type { SimplePublicObject } from '../systems/crm.ts';
import type { Contact } from '../systems/ledger.ts';

/** rules: flows.customers.to.contact.map */
export function mapCustomersContact(source: SimplePublicObject, map: Mapper): Contact {
  const contactNumber = map.text({
    to: 'ContactNumber',
    value: () => source.id,
    blank: 'review',
    maxLength: 50,
    invalid: 'review',
  });
  const name = map.required.text({
    to: 'Name',
    value: () => firstNotBlank(source.properties.company, source.properties.lastname),
    blank: 'review',
    maxLength: 255,
    invalid: { 'too-long': 'truncate' },
  });
  const emailAddress = map.text({
    to: 'EmailAddress',
    value: () => source.properties.email,
    as: [toEmail],
    blank: 'omit',
    maxLength: 255,
    invalid: 'review',
  });
  const phones0PhoneNumber = map.text({
    to: 'Phones[0].PhoneNumber',
    value: () => source.properties.phone,
    as: [(text) => toPhone(text, 'AU')],
    blank: 'drop',
    maxLength: 50,
    invalid: 'review',
  });
  const defaultCurrency = map.choice({
    to: 'DefaultCurrency',
    value: () => source.properties.country,
    table: { Australia: 'AUD', 'New Zealand': 'NZD' },
    blank: 'omit',
    otherwise: 'review',
    invalid: 'review',
  });
  return {
    ContactNumber: contactNumber,
    Name: name,
    EmailAddress: emailAddress,
    Phones: listOf(
      map.dropped('Phones[0]')
        ? undefined
        : { PhoneType: 'MOBILE', PhoneNumber: phones0PhoneNumber },
    ),
    DefaultCurrency: defaultCurrency,
  };
}
