using 'main.bicep'

param name = 'clm'
param tenant = 'bank'
param customerAccounts = 8
param storageSku = 'Standard_ZRS'
param partitions = 32
param throughputUnits = 4
param maximumThroughputUnits = 40
param retentionHours = 168
param maximumInstances = 200
// The stream and the API keep an instance each: no payment waits for a cold start.
param alwaysReady = [
  {
    name: 'http'
    instanceCount: 2
  }
  {
    name: 'function:ScoreTransactions'
    instanceCount: 2
  }
]
param privateNetwork = true
param purgeProtection = true
param logRetentionDays = 180
param draftingModel = 'gpt-4.1-mini'
param draftingModelVersion = '2025-04-14'
param draftingDeployment = 'DataZoneStandard'
param alertRecipients = ['clm-on-call@bank.example']
param monthlyBudget = 5000
param tags = {
  product: 'ServerlessCLM'
  environment: 'prod'
}
