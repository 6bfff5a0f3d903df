using 'main.bicep'

param name = 'clmdev'
param tenant = 'bank'
param customerAccounts = 1
param storageSku = 'Standard_LRS'
param partitions = 4
param throughputUnits = 1
param maximumThroughputUnits = 4
param retentionHours = 24
param maximumInstances = 40
param purgeProtection = false
param tags = {
  product: 'ServerlessCLM'
  environment: 'dev'
}
