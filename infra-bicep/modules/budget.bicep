metadata description = 'A monthly budget of the resource group: says so at 80 and 100 percent, and when the month is forecast to end above it. It stops nothing.'

param name string

@description('In the currency of the subscription.')
param amount int

@description('First day of a month, not before this one.')
param start string

param recipients array

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = {
  name: 'budget-${name}'
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: start
    }
    notifications: {
      nearlyUsed: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: recipients
      }
      used: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Actual'
        contactEmails: recipients
      }
      forecast: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: recipients
      }
    }
  }
}
