import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { handOver } from './api/entra';
import { App } from './app/App';
import './app/theme';
import './app/styles.css';

if (!handOver())
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <BrowserRouter basename="/api/console">
        <App />
      </BrowserRouter>
    </StrictMode>,
  );
