metadata description = 'The streams: transactions and events in, signals out.'

param location string
param tags object
param name string
param partitions int
param throughputUnits int
param maximumThroughputUnits int
param retentionHours int
param publicAccess bool

@description('Groups beside $Default: collections, experiments, journeys, learning and replies belong to the product, analytics is for other readers.')
param consumerGroups array = ['analytics', 'collections', 'experiments', 'journeys', 'learning', 'replies']

var hubs = ['transactions', 'events', 'signals', 'alerts']

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
    capacity: throughputUnits
  }
  properties: {
    disableLocalAuth: true
    isAutoInflateEnabled: maximumThroughputUnits > throughputUnits
    maximumThroughputUnits: maximumThroughputUnits > throughputUnits ? maximumThroughputUnits : 0
    kafkaEnabled: false
    minimumTlsVersion: '1.2'
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
  }
}

// One at a time: the namespace refuses changes that overlap.
@batchSize(1)
resource hub 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = [
  for hubName in hubs: {
    parent: namespace
    name: hubName
    properties: {
      partitionCount: partitions
      retentionDescription: {
        cleanupPolicy: 'Delete'
        retentionTimeInHours: retentionHours
      }
    }
  }
]

@batchSize(1)
resource group 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2024-01-01' = [
  for place in range(0, length(hubs) * length(consumerGroups)): {
    parent: hub[place / length(consumerGroups)]
    name: consumerGroups[place % length(consumerGroups)]
  }
]

output id string = namespace.id
output name string = namespace.name
output host string = replace(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':443/', '')
