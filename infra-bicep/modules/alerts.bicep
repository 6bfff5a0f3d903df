metadata description = 'Who is woken for what: log and platform alerts, each with its runbook in docs/operations.md, and a workbook to look at first.'

param location string
param tags object
param name string
param workspaceId string
param applicationInsightsId string
param eventHubsId string
param customerAccountIds array

@description('Addresses that alerts go to; none makes alerts that are only shown.')
param recipients array

// The text of a log is found by its constant words, which the product keeps stable with the event's id.
var logs = [
  {
    name: 'notices-late'
    severity: 1
    minutes: 60
    description: 'Adverse action notices are past their thirty days. Runbook: Notices are late.'
    query: 'AppTraces | where Message has "adverse action notices are past their thirty days"'
  }
  {
    name: 'stream-failing'
    severity: 1
    minutes: 15
    description: 'The stream functions fail and retry; the lag grows. Runbook: The lag grows and does not fall.'
    query: 'AppRequests | where Name in ("ScoreTransactions", "IngestEvents") and Success == false'
  }
  {
    name: 'requests-failing'
    severity: 2
    minutes: 15
    description: 'The API answers with 5xx. Runbook: The API fails.'
    query: 'AppRequests | where toint(ResultCode) >= 500'
  }
  {
    name: 'model-alerts'
    severity: 2
    minutes: 60
    description: 'The watch has alerts about models. Runbook: A model drifts.'
    query: 'AppTraces | where Message has "new alerts about models"'
  }
  {
    name: 'crashes'
    severity: 3
    minutes: 60
    description: 'Commits had effects that a crash left unsent; they were sent late. Runbook: Instances crash.'
    query: 'AppTraces | where Message has "commits had effects that a crash left unsent"'
  }
  {
    name: 'dead-letters'
    severity: 3
    minutes: 60
    description: 'Events of the stream were set aside because they cannot be taken. Runbook: Events are set aside.'
    query: 'AppTraces | where Message has "were set aside"'
  }
  {
    name: 'chain-broken'
    severity: 0
    minutes: 60
    description: 'A verification found an audit chain that does not hold. Runbook: A chain does not verify.'
    query: 'AppTraces | where Message has "audit chain does not verify"'
  }
]

var metrics = [
  {
    name: 'hubs-throttled'
    severity: 2
    target: eventHubsId
    metric: 'ThrottledRequests'
    namespace: 'Microsoft.EventHub/namespaces'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 100
    description: 'The namespace throttles: throughput units are used up. Runbook: The hubs throttle.'
  }
  {
    name: 'hubs-failing'
    severity: 1
    target: eventHubsId
    metric: 'ServerErrors'
    namespace: 'Microsoft.EventHub/namespaces'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 10
    description: 'The namespace answers with server errors. Runbook: The hubs throttle.'
  }
]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'clm'
    emailReceivers: [
      for (address, place) in recipients: {
        name: 'recipient-${place}'
        emailAddress: address
        useCommonAlertSchema: true
      }
    ]
  }
}

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in logs: {
    name: 'alert-${alert.name}-${name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.name
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT${alert.minutes == 15 ? 5 : 15}M'
      windowSize: 'PT${alert.minutes}M'
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      autoMitigate: true
      actions: {
        actionGroups: [group.id]
      }
    }
  }
]

resource metricAlerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for alert in metrics: {
    name: 'alert-${alert.name}-${name}'
    location: 'global'
    tags: tags
    properties: {
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [alert.target]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.name
            metricNamespace: alert.namespace
            metricName: alert.metric
            timeAggregation: alert.aggregation
            operator: alert.operator
            threshold: alert.threshold
          }
        ]
      }
      autoMitigate: true
      actions: [
        {
          actionGroupId: group.id
        }
      ]
    }
  }
]

// One account's partition that answers late holds its customers up, so every account is watched by itself.
resource storageAlerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for (account, place) in customerAccountIds: {
    name: 'alert-storage-${padLeft(place, 2, '0')}-${name}'
    location: 'global'
    tags: tags
    properties: {
      description: 'Tables of customers are not available. Runbook: Storage is slow or away.'
      severity: 1
      enabled: true
      scopes: ['${account}/tableServices/default']
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'availability'
            metricNamespace: 'Microsoft.Storage/storageAccounts/tableServices'
            metricName: 'Availability'
            timeAggregation: 'Average'
            operator: 'LessThan'
            threshold: 99
          }
        ]
      }
      autoMitigate: true
      actions: [
        {
          actionGroupId: group.id
        }
      ]
    }
  }
]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, name, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'ServerlessCLM'
    category: 'workbook'
    sourceId: applicationInsightsId
    serializedData: loadTextContent('workbook.json')
  }
}
