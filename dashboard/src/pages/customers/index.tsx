import { useParams } from 'react-router';
import { CustomerView } from './CustomerView';
import { Search } from './Search';

export default function CustomersPage() {
  const { customerId } = useParams();
  return customerId === undefined ? <Search /> : <CustomerView key={customerId} customerId={customerId} />;
}
