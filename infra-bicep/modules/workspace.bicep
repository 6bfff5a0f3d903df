metadata description = 'The workspace of the logs, and the rule that changes rows before they are stored.'

param location string
param tags object
param name string
param retentionDays int

@description('Rule of kind WorkspaceTransforms; empty where it does not exist yet.')
param transformsId string = ''

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    defaultDataCollectionRuleResourceId: empty(transformsId) ? null : transformsId
    features: {
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

output id string = workspace.id
