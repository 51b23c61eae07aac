package shop.payment;

import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
@CrossOrigin
public class ChargeController {
  private static final Logger log = LoggerFactory.getLogger(ChargeController.class);
  private final RabbitTemplate queue;

  public ChargeController(RabbitTemplate queue) {
    this.queue = queue;
  }

  @PostMapping("/charges")
  public Map<String, String> charge(@RequestBody Map<String, Object> charge) {
    String order = UUID.randomUUID().toString();
    log.info("charging {}", charge);
    queue.convertAndSend("orders", order + " " + charge.get("items"));
    return Map.of("order", order);
  }
}
