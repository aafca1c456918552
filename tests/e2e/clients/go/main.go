// The Go client as a program: one command a line, as README.md of the folder above says.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/camunda/zeebe/clients/go/v8/pkg/entities"
	"github.com/camunda/zeebe/clients/go/v8/pkg/worker"
	"github.com/camunda/zeebe/clients/go/v8/pkg/zbc"
	"google.golang.org/grpc/status"
)

const lease = time.Minute

type asked struct {
	Do        string         `json:"do"`
	Process   string         `json:"process"`
	Variables map[string]any `json:"variables"`
	Type      string         `json:"type"`
	Timeout   int64          `json:"timeout"`
	Wait      int64          `json:"wait"`
	Job       int64          `json:"job,string"`
	Instance  int64          `json:"instance,string"`
	Incident  int64          `json:"incident,string"`
	Element   int64          `json:"element,string"`
	Retries   int32          `json:"retries"`
	Message   string         `json:"message"`
	BackOff   int64          `json:"backOff"`
	Code      string         `json:"code"`
	Name      string         `json:"name"`
	Key       string         `json:"key"`
	File      string         `json:"file"`
	Stream    bool           `json:"stream"`
	Jobs      int            `json:"jobs"`
}

type answer map[string]any

type client struct {
	zbc.Client
	worker worker.JobWorker
	mutex  sync.Mutex
	seen   []answer
}

func told(job entities.Job) answer {
	headers, _ := job.GetCustomHeadersAsMap()
	variables, _ := job.GetVariablesAsMap()
	return answer{"key": fmt.Sprint(job.Key), "type": job.Type, "retries": job.Retries, "headers": headers,
		"variables": variables, "tenant": job.TenantId, "process": job.BpmnProcessId,
		"instance": fmt.Sprint(job.ProcessInstanceKey), "element": fmt.Sprint(job.ElementInstanceKey)}
}

func (c *client) handle(jobs worker.JobClient, job entities.Job) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	given, _ := job.GetVariablesAsMap()
	var err error
	switch {
	case given["behave"] == "fail" && job.Retries == 3:
		_, err = jobs.NewFailJobCommand().JobKey(job.Key).Retries(job.Retries - 1).ErrorMessage("failed by the test").Send(ctx)
	case given["behave"] == "throw":
		_, err = jobs.NewThrowErrorCommand().JobKey(job.Key).ErrorCode("caught").ErrorMessage("thrown by the test").Send(ctx)
	default:
		number, _ := given["number"].(float64)
		command, problem := jobs.NewCompleteJobCommand().JobKey(job.Key).VariablesFromMap(map[string]any{"answer": number + 1})
		if err = problem; err == nil {
			_, err = command.Send(ctx)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "command on a job:", err)
		return
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.seen = append(c.seen, told(job))
}

func (c *client) close(jobs int) answer {
	count := func() int {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		return len(c.seen)
	}
	for end := time.Now().Add(30 * time.Second); count() < jobs && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	c.worker.Close()
	c.worker.AwaitClose()
	return answer{"jobs": c.seen}
}

// With a deadline, as the library wants it.
func (c *client) do(ctx context.Context, a asked) (answer, error) {
	var err error
	switch a.Do {
	case "topology":
		told, problem := c.NewTopologyCommand().Send(ctx)
		if problem != nil {
			return nil, problem
		}
		return answer{"version": told.GatewayVersion, "partitions": told.PartitionsCount, "brokers": len(told.Brokers)}, nil
	case "deploy":
		told, problem := c.NewDeployResourceCommand().AddResourceFile(a.File).Send(ctx)
		if problem != nil {
			return nil, problem
		}
		names := []string{}
		for _, each := range told.Deployments {
			names = append(names, each.GetProcess().GetBpmnProcessId())
		}
		return answer{"processes": names}, nil
	case "create":
		command, problem := c.NewCreateInstanceCommand().BPMNProcessId(a.Process).LatestVersion().VariablesFromMap(a.Variables)
		if problem != nil {
			return nil, problem
		}
		told, problem := command.Send(ctx)
		if problem != nil {
			return nil, problem
		}
		return answer{"instance": fmt.Sprint(told.ProcessInstanceKey), "process": told.BpmnProcessId, "version": told.Version}, nil
	case "result":
		command, problem := c.NewCreateInstanceCommand().BPMNProcessId(a.Process).LatestVersion().VariablesFromMap(a.Variables)
		if problem != nil {
			return nil, problem
		}
		told, problem := command.WithResult().Send(ctx)
		if problem != nil {
			return nil, problem
		}
		variables := map[string]any{}
		err = json.Unmarshal([]byte(told.Variables), &variables)
		return answer{"variables": variables}, err
	case "publish":
		command, problem := c.NewPublishMessageCommand().MessageName(a.Name).CorrelationKey(a.Key).VariablesFromMap(a.Variables)
		if problem != nil {
			return nil, problem
		}
		_, err = command.Send(ctx)
	case "signal":
		_, err = c.NewBroadcastSignalCommand().SignalName(a.Name).Send(ctx)
	case "cancel":
		_, err = c.NewCancelInstanceCommand().ProcessInstanceKey(a.Instance).Send(ctx)
	case "activate":
		waits, stop := context.WithTimeout(ctx, time.Duration(a.Wait)*time.Millisecond)
		defer stop()
		found, problem := c.NewActivateJobsCommand().JobType(a.Type).MaxJobsToActivate(1).
			Timeout(time.Duration(a.Timeout) * time.Millisecond).WorkerName("go").Send(waits)
		jobs := []answer{}
		for _, job := range found {
			jobs = append(jobs, told(job))
		}
		return answer{"jobs": jobs}, problem
	case "complete":
		command, problem := c.NewCompleteJobCommand().JobKey(a.Job).VariablesFromMap(a.Variables)
		if problem != nil {
			return nil, problem
		}
		_, err = command.Send(ctx)
	case "fail":
		_, err = c.NewFailJobCommand().JobKey(a.Job).Retries(a.Retries).ErrorMessage(a.Message).
			RetryBackoff(time.Duration(a.BackOff) * time.Millisecond).Send(ctx)
	case "throw":
		_, err = c.NewThrowErrorCommand().JobKey(a.Job).ErrorCode(a.Code).ErrorMessage("thrown by the test").Send(ctx)
	case "extend":
		_, err = c.NewUpdateJobTimeoutCommand().JobKey(a.Job).Timeout(a.Timeout).Send(ctx)
	case "retries":
		_, err = c.NewUpdateJobRetriesCommand().JobKey(a.Job).Retries(a.Retries).Send(ctx)
	case "resolve":
		_, err = c.NewResolveIncidentCommand().IncidentKey(a.Incident).Send(ctx)
	case "set":
		command, problem := c.NewSetVariablesCommand().ElementInstanceKey(a.Element).VariablesFromMap(a.Variables)
		if problem != nil {
			return nil, problem
		}
		_, err = command.Local(true).Send(ctx)
	case "open":
		c.seen = nil
		c.worker = c.NewJobWorker().JobType(a.Type).Handler(c.handle).Name("go").Timeout(lease).
			RequestTimeout(time.Second).StreamEnabled(a.Stream).Open()
	case "close":
		return c.close(a.Jobs), nil
	default:
		return answer{"missing": true}, nil
	}
	return answer{}, err
}

func main() {
	inner, err := zbc.NewClient(&zbc.ClientConfig{GatewayAddress: os.Args[1], UsePlaintextConnection: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	c := client{Client: inner}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var a asked
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 40*time.Second)
		reply, err := c.do(ctx, a)
		cancel()
		if err != nil {
			known := status.Convert(err)
			reply = answer{"error": answer{"code": code(known.Code().String()), "kind": fmt.Sprintf("%T", err), "message": known.Message()}}
		}
		text, _ := json.Marshal(reply)
		fmt.Println("answer:", string(text))
	}
}

// NotFound as NOT_FOUND, as the other languages write it.
func code(name string) string {
	out := []rune{}
	for at, letter := range name {
		if letter >= 'A' && letter <= 'Z' {
			if at > 0 {
				out = append(out, '_')
			}
			out = append(out, letter)
		} else {
			out = append(out, letter-'a'+'A')
		}
	}
	return string(out)
}
