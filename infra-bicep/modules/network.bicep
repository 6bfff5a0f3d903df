metadata description = 'Private network: the function app reaches storage, hubs, vault and model over private endpoints, and the internet no other way than its own outbound calls.'

param location string
param tags object
param name string

@description('Addresses of the network; the functions take the first /24 of it, the endpoints the second.')
param addressPrefix string

@description('Storage accounts of customers.')
param customerAccountIds array
param runtimeAccountId string
param eventHubsId string
param keyVaultId string

@description('Empty where no model is deployed.')
param openAiId string

var zones = [
  'privatelink.blob.${environment().suffixes.storage}'
  'privatelink.queue.${environment().suffixes.storage}'
  'privatelink.table.${environment().suffixes.storage}'
  'privatelink.servicebus.windows.net'
  'privatelink.vaultcore.azure.net'
  'privatelink.openai.azure.com'
]
var blob = 0
var queue = 1
var table = 2
var servicebus = 3
var vault = 4
var openai = 5

// The runtime needs blobs, queues and tables of its own account; customers are in tables, documents and anchors in blobs.
var customerEndpoints = flatten(map(customerAccountIds, (id, place) => [
  { name: 'c${padLeft(place, 2, '0')}-table', target: id, group: 'table', zone: table }
  { name: 'c${padLeft(place, 2, '0')}-blob', target: id, group: 'blob', zone: blob }
]))
var endpoints = concat(
  [
    { name: 'rt-blob', target: runtimeAccountId, group: 'blob', zone: blob }
    { name: 'rt-queue', target: runtimeAccountId, group: 'queue', zone: queue }
    { name: 'rt-table', target: runtimeAccountId, group: 'table', zone: table }
    { name: 'hubs', target: eventHubsId, group: 'namespace', zone: servicebus }
    { name: 'vault', target: keyVaultId, group: 'vault', zone: vault }
  ],
  customerEndpoints,
  empty(openAiId) ? [] : [{ name: 'openai', target: openAiId, group: 'account', zone: openai }]
)

resource network 'Microsoft.Network/virtualNetworks@2024-01-01' = {
  name: 'vnet-${name}'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [addressPrefix]
    }
  }

  // Flex Consumption takes a subnet of its own, at most one per app, and needs this delegation.
  resource functions 'subnets' = {
    name: 'functions'
    properties: {
      addressPrefix: cidrSubnet(addressPrefix, 24, 0)
      delegations: [
        {
          name: 'flex'
          properties: {
            serviceName: 'Microsoft.App/environments'
          }
        }
      ]
    }
  }

  resource endpoints 'subnets' = {
    name: 'endpoints'
    properties: {
      addressPrefix: cidrSubnet(addressPrefix, 24, 1)
      privateEndpointNetworkPolicies: 'Disabled'
    }
    dependsOn: [
      functions
    ]
  }
}

resource dnsZones 'Microsoft.Network/privateDnsZones@2020-06-01' = [
  for zone in zones: {
    name: zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = [
  for (zone, place) in zones: {
    parent: dnsZones[place]
    name: network.name
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network.id
      }
    }
  }
]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2024-01-01' = [
  for endpoint in endpoints: {
    name: 'pe-${endpoint.name}-${name}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: network::endpoints.id
      }
      privateLinkServiceConnections: [
        {
          name: endpoint.name
          properties: {
            privateLinkServiceId: endpoint.target
            groupIds: [endpoint.group]
          }
        }
      ]
    }
  }
]

resource records 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-01-01' = [
  for (endpoint, place) in endpoints: {
    parent: privateEndpoints[place]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: endpoint.group
          properties: {
            privateDnsZoneId: dnsZones[endpoint.zone].id
          }
        }
      ]
    }
  }
]

output functionsSubnet string = network::functions.id
