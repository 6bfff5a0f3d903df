metadata description = 'Storage: one account for the Functions runtime and its package, and the accounts that customers spread over. None takes keys.'

param location string
param tags object
@minLength(2)
param name string

@minLength(13)
param token string
param sku string
param customerAccounts int

@description('Whether the accounts answer outside the private network. Entra ID decides who may either way.')
param publicAccess bool

var deploymentContainer = 'packages'

var entraOnly = {
  accessTier: 'Hot'
  allowBlobPublicAccess: false
  allowCrossTenantReplication: false
  allowSharedKeyAccess: false
  defaultToOAuthAuthentication: true
  minimumTlsVersion: 'TLS1_2'
  supportsHttpsTrafficOnly: true
  publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
  networkAcls: {
    bypass: 'AzureServices'
    defaultAction: publicAccess ? 'Allow' : 'Deny'
  }
}

resource runtime 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: '${name}rt${token}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: entraOnly

  resource blobs 'blobServices' = {
    name: 'default'

    resource packages 'containers' = {
      name: deploymentContainer
    }
  }
}

// Tables and containers are made by the product at its start.
resource customers 'Microsoft.Storage/storageAccounts@2023-05-01' = [
  for place in range(0, customerAccounts): {
    name: '${name}c${padLeft(place, 2, '0')}${token}'
    location: location
    tags: tags
    kind: 'StorageV2'
    sku: {
      name: sku
    }
    properties: entraOnly
  }
]

// The product writes no anchor of the audit chains twice; this keeps everybody from it. Lock the policy once the deployment is settled.
resource anchors 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  name: '${customers[0].name}/default/audit'

  resource kept 'immutabilityPolicies' = {
    name: 'default'
    properties: {
      immutabilityPeriodSinceCreationInDays: 3650
      allowProtectedAppendWrites: false
    }
  }
}

output runtimeAccount string = runtime.name
output deploymentContainerUri string = '${runtime.properties.primaryEndpoints.blob}${deploymentContainer}'
output customerAccountNames array = [for place in range(0, customerAccounts): customers[place].name]
output customerTables array = [for place in range(0, customerAccounts): customers[place].properties.primaryEndpoints.table]
output customerBlobs array = [for place in range(0, customerAccounts): customers[place].properties.primaryEndpoints.blob]
output runtimeAccountId string = runtime.id
output customerAccountIds array = [for place in range(0, customerAccounts): customers[place].id]
